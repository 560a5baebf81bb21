import { Problem } from "example-kit/problem";
import { ZodError, z } from "zod";

/** The number of a thing in a path or a body. */
export const idSchema = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** The number in a path. What is no number is nothing that there is. */
export function pathId(text: unknown): number {
  const { data } = idSchema.safeParse(text);
  if (data === undefined)
    throw new Problem(404, "Not found", `There is nothing with the number "${String(text)}".`);
  return data;
}

/** What is wrong with one field of a form, as schemas tell it. */
export function wrongField(name: string, message: string): ZodError {
  return new ZodError([{ code: "custom", path: name.split("."), message, input: undefined }]);
}
