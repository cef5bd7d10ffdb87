import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { mayHoldSecretShape, secretShapes } from "./secret-shapes.ts";
import {
  type Forms,
  MOST_VALUES,
  occurrences,
  remember,
  SHORTEST_VALUE,
  withoutRanges,
} from "./secret-values.ts";
import { mayHide, visible, visibleMembers } from "./untrusted.ts";
import { withholdMembers } from "./withholding.ts";

/** The same for the names of members: a secret as common as "password" must not make settings unreadable. */
const SHORTEST_IN_NAMES = 12;

/** Members by which an entry is found and judged. Nobody can have them withheld by calling their values secrets. */
const EVIDENCE: ReadonlySet<string> = new Set([
  "log_id",
  "date",
  "type",
  "type_description",
  "ip",
  "user_id",
  "client_id",
]);
const NONE: ReadonlySet<string> = new Set();

/** A value without its secrets, and where they stood. */
export interface Redacted {
  readonly value: JsonObject;
  /** Names of the members that were withheld, each once. */
  readonly withheld: readonly string[];
}

/**
 * Removes secrets from everything that leaves the process: by the member's name, by their shape (private keys, JWTs),
 * and by value wherever a secret seen before appears again. What hides characters is removed on the way, before values
 * are compared, so that nothing can be hidden inside a secret to get it past the comparison.
 */
export class Redactor {
  /** This process's own: tokens, and what proves who it is. Whatever a tenant answers, they are not forgotten for it. */
  readonly #own = new Map<string, Forms>();
  /** Met in arguments and in answers. */
  readonly #met = new Map<string, Forms>();
  /** What the tenant shows as the identity of something, which is no secret whatever else calls it one. */
  readonly #identities = new Set<string>();
  /** Met in the value that is looked at, and forgotten with it. */
  readonly #here = new Map<string, Forms>();
  /** Work on values that is put off. */
  #unread: (() => void)[] = [];

  /** Remembers a secret of this process, so that its value is withheld wherever it appears. */
  register(value: string): void {
    remember(value, this.#own);
  }

  /** Remembers every secret that stands under a telling name in a value. */
  registerSecretsOf(value: JsonObject): void {
    this.#later(() => void withholdMembers(value, [], { secret: (secret) => this.#meet(secret) }));
  }

  /** The same for what the tenant answered. What it shows as an identity, such as a client id, is a secret no longer. */
  registerAnswer(value: JsonObject): void {
    this.#later(() => {
      withholdMembers(value, [], {
        secret: (secret) => this.#meet(secret),
        identity: (identity) => this.#identify(identity),
      });
    });
  }

  /**
   * Puts work off until the next text is looked at, or the next turn of the event loop: the caller can send its next
   * request first.
   */
  #later(work: () => void): void {
    if (this.#unread.push(work) === 1) setImmediate(() => this.#readOn());
  }

  #readOn(): void {
    const unread = this.#unread;
    this.#unread = [];
    for (const work of unread) work();
  }

  #meet(secret: string): void {
    if (!this.#identities.has(secret)) remember(secret, this.#met);
  }

  #identify(identity: string): void {
    if (this.#identities.has(identity)) return;
    this.#met.delete(identity);
    this.#identities.add(identity);
    if (this.#identities.size <= MOST_VALUES) return;
    const [oldest] = this.#identities;
    if (oldest !== undefined) this.#identities.delete(oldest);
  }

  /**
   * A value without secrets and without hidden characters.
   *
   * @param trusted whether the tenant's own people wrote it. What outsiders wrote may call any word a secret: it is
   *   withheld all over this value but for its evidence, and not looked for in others
   */
  redact(value: JsonObject, trusted = true): Redacted {
    this.#readOn();
    const withheld = new Set<string>();
    const named = withholdMembers(value, [], {
      secret: (secret, name) => {
        if (trusted) this.#meet(secret);
        else remember(secret, this.#here);
        withheld.add(name);
      },
    });
    const tell = (name: string) => void withheld.add(name);
    const clean = this.#isClean(JSON.stringify(named), "written")
      ? named
      : this.#byValue(visibleMembers(named), tell, EVIDENCE);
    this.#here.clear();
    return { value: clean, withheld: [...withheld] };
  }

  /**
   * Whether nothing is left to remove. Most texts are clean, and one look at the whole tells it many times faster than
   * a look at every string.
   */
  #isClean(text: string, form: keyof Forms): boolean {
    if (mayHide(text) || mayHoldSecretShape(text)) return false;
    for (const values of this.#remembered()) {
      for (const forms of values.values()) {
        for (const secret of forms[form]) if (text.includes(secret)) return false;
      }
    }
    return true;
  }

  #remembered(): readonly Known[] {
    this.#readOn();
    return [this.#own, this.#met, this.#here];
  }

  /** Text without secrets and without hidden characters. */
  text(text: string): string {
    return this.#isClean(text, "plain") ? text : this.#withhold(visible(text), SHORTEST_VALUE);
  }

  /** @param evidence members in which what outsiders call a secret does not count */
  #byValue(value: JsonObject, tell: Tell, evidence: ReadonlySet<string> = NONE): JsonObject {
    const members = Object.entries(value).map(([name, item]) => [
      this.#withhold(name, SHORTEST_IN_NAMES),
      evidence.has(name) && typeof item === "string"
        ? this.#stringByValue(name, item, tell, [this.#own, this.#met])
        : this.#memberByValue(name, item, tell),
    ]);
    return Object.fromEntries(members);
  }

  #memberByValue(name: string, value: Json, tell: Tell): Json {
    if (Array.isArray(value)) return value.map((item) => this.#memberByValue(name, item, tell));
    if (isObject(value)) return this.#byValue(value, tell);
    return typeof value === "string" ? this.#stringByValue(name, value, tell, this.#remembered()) : value;
  }

  #stringByValue(name: string, value: string, tell: Tell, known: readonly Known[]): string {
    const clean = this.#withhold(value, SHORTEST_VALUE, known);
    if (clean !== value) tell(name);
    return clean;
  }

  #withhold(text: string, shortest: number, known: readonly Known[] = this.#remembered()): string {
    const ranges = secretShapes(text);
    for (const { plain } of known.flatMap((values) => [...values.values()])) {
      for (const form of plain) if (form.length >= shortest) ranges.push(...occurrences(text, form));
    }
    return withoutRanges(text, ranges);
  }
}

/** Is told the member that a secret was found in. */
type Tell = (name: string) => void;
type Known = ReadonlyMap<string, Forms>;
