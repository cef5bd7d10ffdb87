// A format's editor is in files of its name: `-tree` reads a text, `-way` or `-parts` finds an entry in it, `-set` adds
// or changes that, `-remove` takes it out, and `-write` writes values.
import type { Editor } from "./editor.ts";

/** The editor of a format. Each brings a library along, so it is loaded when a file of that format is at hand. */
export async function editorFor(format: "json" | "toml" | "yaml"): Promise<Editor> {
  switch (format) {
    case "json":
      return (await import("./json.ts")).jsonEditor;
    case "toml":
      return (await import("./toml.ts")).tomlEditor;
    case "yaml":
      return (await import("./yaml.ts")).yamlEditor;
  }
}
