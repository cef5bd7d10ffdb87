import { asString, type JsonObject } from "../../lib/json.ts";
import { recordEvent, type TenantEvent } from "../events.ts";
import type { TenantState } from "../state.ts";
import { hostileEvents } from "./hostile-logs.ts";
import { type Random, seededRandom } from "./random.ts";

const minute = 60 * 1000;
const hour = 60 * minute;
const week = 7 * 24 * hour;

const ordinaryEvents = 210;
const attackEvents = 48;
/** Where most of the failed logins of the demo tenant come from. */
export const attackerIp = "203.0.113.7";

const database = {
  connection: "Username-Password-Authentication",
  connectionId: "con_9dKpQ2mYt7RsVx4L",
  strategy: "auth0",
  strategyType: "database",
} as const;
const google = {
  connection: "google-oauth2",
  connectionId: "con_Gw6ZbN1cHf3JaU8e",
  strategy: "google-oauth2",
  strategyType: "social",
} as const;

const users = [
  { userId: "auth0|64b1f0c2a7d93e5f18c40b21", userName: "ana.costa@example.com", ...database },
  { userId: "auth0|64c7a91e3f02b8d65a1749e0", userName: "ben.okafor@example.com", ...database },
  { userId: "auth0|65029dd4c81ba73f0e562c9a", userName: "chen.wei@example.com", ...database },
  { userId: "auth0|651f3b76e04d82c9a7b510f8", userName: "dina.haddad@example.com", ...database },
  { userId: "auth0|66a8e25f9b3c417d0fe6821b", userName: "erik.lund@example.org", ...database },
  { userId: "google-oauth2|104928374650192837465", userName: "fatima.noor@example.org", ...google },
] as const;

const addresses = ["198.51.100.23", "198.51.100.87", "192.0.2.14", "192.0.2.201", "2001:db8:14::7"] as const;
const browsers = [
  "Chrome 139.0.0 / Windows 10.0.0",
  "Safari 18.5.0 / Mac OS X 15.5.0",
  "Firefox 141.0.0 / Ubuntu 0.0.0",
  "Mobile Safari 18.5.0 / iOS 18.5.0",
] as const;

type Application = Pick<TenantEvent, "clientId" | "clientName">;
type Event = TenantEvent & { readonly date: number };

/** About 300 events of the last seven days, always the same ones for the same time and the same applications. */
export function seedLogs(state: TenantState): void {
  const random = seededRandom(20_240_611);
  const now = state.clock.now();
  const applications = knownApplications(state);
  const events = [
    ...Array.from({ length: ordinaryEvents }, () =>
      ordinary(random, applications, now - minute - random.below(week - hour)),
    ).flat(),
    ...attack(random, applications, now - 26 * hour),
    ...hostileEvents(now - 5 * hour),
  ];
  for (const event of events.toSorted((a, b) => a.date - b.date)) recordEvent(state, event);
}

function knownApplications(state: TenantState): readonly Application[] {
  const known = [...state.clients.values()]
    .filter((client) => client["global"] !== true)
    .map((client) => ({
      clientId: asString(client["client_id"]) ?? "",
      clientName: asString(client["name"]) ?? "",
    }));
  return known.length > 0
    ? known
    : [{ clientId: "pT5vWq8nZr2LxKc7YbHd4GmJs9FaUe31", clientName: "Web shop" }];
}

function ordinary(random: Random, applications: readonly Application[], date: number): Event[] {
  const user = random.pick(users);
  const seen = { ip: random.pick(addresses), userAgent: random.pick(browsers), ...random.pick(applications) };
  const login = { ...seen, ...user, date };
  const share = random.below(100);
  if (share < 40) return successfulLogin(login, random);
  if (share < 60) return [machineToken(random.pick(applications), date)];
  if (share < 72) return [{ ...login, type: "slo", description: "User successfully logged out" }];
  if (share < 79) return [{ ...login, type: "fp", description: "Wrong email or password." }];
  if (share < 83)
    return [
      {
        ...seen,
        ...database,
        date,
        type: "fu",
        userName: `typo.${user.userName}`,
        description: "Wrong email or password.",
      },
    ];
  if (share < 87)
    return [
      {
        ...login,
        type: "f",
        description: "Access denied by an action",
        details: { error: { message: "access_denied" } },
      },
    ];
  if (share < 91) return [signup(login)];
  if (share < 94)
    return [
      {
        ...login,
        type: "w",
        description: "Development keys of a social connection are in use.",
      },
    ];
  return [operation(random.pick(applications), date)];
}

function successfulLogin(login: Omit<Event, "type">, random: Random): Event[] {
  const details = { prompts: [], stats: { loginsCount: 1 + random.below(90) } };
  const exchange = {
    ...login,
    date: login.date + 300 + random.below(900),
    type: "seacft",
    description: "Authorization Code for Access Token",
  };
  return [{ ...login, type: "s", description: "Successful login", details }, exchange];
}

function machineToken(application: Application, date: number): Event {
  return {
    ...application,
    date,
    type: "seccft",
    description: "Client Credentials for Access Token",
    ip: "192.0.2.80",
    audience: "https://api.example.com/orders",
    scope: "read:orders write:orders",
  };
}

/** What a person typed is in the details, except for the password. */
function signup(login: Omit<Event, "type">): Event {
  const body: JsonObject = {
    client_id: login.clientId ?? "",
    connection: login.connection ?? "",
    email: login.userName ?? "",
    password: "*****",
    tenant: "sandbox",
  };
  return { ...login, type: "ss", description: "", details: { body } };
}

function operation(application: Application, date: number): Event {
  const ip = "192.0.2.14";
  const request = {
    method: "patch",
    path: "/api/v2/clients/example",
    query: {},
    userAgent: "",
    body: { description: "Changed at the dashboard" },
    channel: "https://manage.auth0.com/",
    ip,
    auth: { user: {}, strategy: "jwt", credentials: {} },
  };
  return {
    ...application,
    date,
    clientName: "",
    type: "sapi",
    description: "Update a client",
    ip,
    details: { request, response: { statusCode: 200, body: {} } },
  };
}

/** One address tries passwords for an hour, is blocked, and goes on with names that do not exist. */
function attack(random: Random, applications: readonly Application[], start: number): Event[] {
  const [target = users[0]] = users;
  const seen = { ...random.pick(applications), ip: attackerIp, userAgent: "python-requests/2.32.3" };
  const tries = Array.from({ length: attackEvents }, (_, index): Event => {
    const date = start + index * minute + random.below(minute);
    const description = "Wrong email or password.";
    if (index % 3 !== 0) return { ...seen, ...target, date, type: "fp", description };
    return {
      ...seen,
      ...database,
      date,
      type: "fu",
      userName: `user${random.below(900)}@example.com`,
      description,
    };
  });
  const blocked: Event = {
    ...seen,
    ...target,
    date: start + 50 * minute,
    type: "limit_wc",
    description: "Blocked Account",
  };
  return [...tries, blocked];
}
