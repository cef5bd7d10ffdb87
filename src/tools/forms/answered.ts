import { isObject } from "../../lib/json.ts";

/** Members of a form that older answers of the API spell in another way than it takes them now. */
const NEW_NAMES: Readonly<Record<string, string>> = {
  hiddenFields: "hidden_fields",
  nextNode: "next_node",
  afterSubmit: "after_submit",
  flowId: "flow_id",
  resumeFlow: "resume_flow",
};

/**
 * A part of a form as the API takes it, made of the same as the API shows it: members that are not set are `null` in
 * answers and are left out of requests. A part is always sent whole, so leaving one out clears it.
 */
export function withoutNulls(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutNulls);
  if (!isObject(part)) return part;
  const set = Object.entries(part).filter(([, value]) => value !== null);
  return Object.fromEntries(set.map(([name, value]) => [name, withoutNulls(value)]));
}

/** The first or the last node of a form, made of what the API shows in the same way. */
export function asTaken(node: unknown): unknown {
  return withNewNames(withoutNulls(node));
}

function withNewNames(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withNewNames);
  if (!isObject(part)) return part;
  const named = (name: string) => {
    const newName = NEW_NAMES[name] ?? name;
    // Of two spellings of one member neither is right.
    return Object.hasOwn(part, newName) ? name : newName;
  };
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [named(name), withNewNames(value)]));
}
