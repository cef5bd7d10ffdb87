import { describe, expect, test } from "bun:test";
import { describedFolders, folderTable } from "../../scripts/diagram/folders.ts";
import { type Folder, layered } from "../../scripts/diagram/graph.ts";
import { diagram } from "../../scripts/diagram/svg.ts";

const folder = (name: string, ...imports: readonly string[]): Folder => ({ name, imports, packages: [] });

describe("the layers of a graph", () => {
  const graph = [
    folder("low"),
    folder("middle", "low"),
    folder("side", "low"),
    folder("top", "low", "middle", "side"),
    folder("very-low"),
    folder("low-user", "very-low"),
  ];

  test("the longest way is the spine, and what follows from other arrows is left out", () => {
    const { spine, side, arrows } = layered(graph);
    expect(spine).toEqual(["top", "middle", "low"]);
    expect(side).toEqual(["side", "very-low", "low-user"]);
    expect(arrows).toEqual([
      ["middle", "low"],
      ["side", "low"],
      ["top", "middle"],
      ["top", "side"],
      ["low-user", "very-low"],
    ]);
  });

  test("a circle is refused", () => {
    expect(() => layered([folder("a", "b"), folder("b", "a")])).toThrow("imports go round: a → b → a");
  });
});

describe("the picture of src", () => {
  test("has every folder, and tells every import by an arrow or in words", async () => {
    const folders = await describedFolders();
    const { arrows } = layered(folders);
    const svg = await diagram();
    expect(svg.match(/<rect /g)).toHaveLength(folders.length);
    expect(svg.match(/marker-end/g)).toHaveLength(arrows.length);
    const boxes = svg.split("<rect ").slice(1);
    for (const { name, imports } of folders) {
      const box = boxes.find((part) => part.includes(`>${name}</tspan>`)) ?? "";
      const told = [...box.matchAll(/<text[^>]*font-size="11"[^>]*>([^<]*)</g)]
        .map(([, words]) => words)
        .join(" ");
      const drawn = arrows.filter(([from]) => from === name).map(([, to]) => to);
      const named = told.replace(/^imports | as well$/g, "").split(", ");
      expect({ name, imports: [...drawn, ...named].filter((word) => word !== "").sort() }).toEqual({
        name,
        imports: [...imports],
      });
    }
  });

  test("is the same each time", async () => {
    expect(await diagram()).toBe(await diagram());
  });

  test("the table has a row for each folder", async () => {
    const rows = (await folderTable()).split("\n").slice(2);
    expect(rows).toHaveLength((await describedFolders()).length);
    expect(rows.find((row) => row.startsWith("| `mcp`"))).toContain("`@modelcontextprotocol/sdk`");
  });
});
