import { z } from "zod";

/** Which API a grant is for. */
export const audience = z.string().min(1).max(600).describe("The API's identifier");
