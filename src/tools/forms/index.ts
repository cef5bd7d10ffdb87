import type { DefinedTool } from "../define.ts";
import { createForm } from "./create.ts";
import { getForm } from "./get.ts";
import { listForms } from "./list.ts";
import { publishForm } from "./publish.ts";
import { updateForm } from "./update.ts";

export const formTools: readonly DefinedTool[] = [listForms, getForm, createForm, updateForm, publishForm];
