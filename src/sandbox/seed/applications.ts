import { asString, type JsonObject } from "../../lib/json.ts";
import { addClientGrant } from "../resources/client-grants.ts";
import { addClient } from "../resources/clients.ts";
import { addResourceServer } from "../resources/resource-servers.ts";
import type { TenantState } from "../state.ts";

const orders = "https://orders.example.com/api";
const billing = "https://billing.example.com";
const catalog = "https://catalog.example.com/v1";

const apis: readonly JsonObject[] = [
  {
    name: "Orders API",
    identifier: orders,
    signing_alg: "RS256",
    allow_offline_access: true,
    enforce_policies: true,
    token_dialect: "access_token_authz",
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: [
      { value: "read:orders", description: "Read orders" },
      { value: "create:orders", description: "Place orders" },
      { value: "update:orders", description: "Change orders before they ship" },
      { value: "refund:orders", description: "Refund orders" },
    ],
  },
  {
    name: "Billing API",
    identifier: billing,
    signing_alg: "RS256",
    token_lifetime: 7200,
    scopes: [
      { value: "read:invoices", description: "Read invoices" },
      { value: "create:invoices", description: "Issue invoices" },
    ],
  },
  {
    name: "Catalog API",
    identifier: catalog,
    signing_alg: "HS256",
    scopes: [
      { value: "read:products", description: "Read products" },
      { value: "update:stock", description: "Update stock levels" },
    ],
  },
];

const strictRs256 = { alg: "RS256", lifetime_in_seconds: 36_000, secret_encoded: false };

const rotating = {
  rotation_type: "rotating",
  expiration_type: "expiring",
  leeway: 0,
  token_lifetime: 2_592_000,
  idle_token_lifetime: 1_296_000,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
};

const webGrants = ["authorization_code", "refresh_token"];

const applications: readonly JsonObject[] = [
  {
    name: "Customer Portal",
    description: "Where customers follow orders and manage their account",
    app_type: "regular_web",
    oidc_conformant: true,
    token_endpoint_auth_method: "client_secret_post",
    callbacks: ["https://portal.example.com/auth/callback", "http://localhost:3000/auth/callback"],
    allowed_logout_urls: ["https://portal.example.com", "http://localhost:3000"],
    initiate_login_uri: "https://portal.example.com/login",
    logo_uri: "https://portal.example.com/logo.png",
    grant_types: webGrants,
    jwt_configuration: strictRs256,
    client_metadata: { team: "storefront", cost_center: "4711" },
  },
  {
    name: "Checkout SPA",
    description: "Single-page checkout",
    app_type: "spa",
    oidc_conformant: true,
    callbacks: ["https://checkout.example.com"],
    allowed_logout_urls: ["https://checkout.example.com"],
    web_origins: ["https://checkout.example.com"],
    allowed_origins: ["https://checkout.example.com"],
    grant_types: webGrants,
    jwt_configuration: strictRs256,
    refresh_token: rotating,
    client_metadata: { team: "checkout" },
  },
  {
    name: "Shop Mobile",
    description: "The shop's application for iOS and Android",
    app_type: "native",
    oidc_conformant: true,
    callbacks: ["com.example.shop://login/callback", "https://links.example.com/callback"],
    allowed_logout_urls: ["com.example.shop://logout"],
    grant_types: webGrants,
    jwt_configuration: strictRs256,
    refresh_token: rotating,
    mobile: { ios: { team_id: "9JA89QQLNQ", app_bundle_identifier: "com.example.shop" } },
    native_social_login: { apple: { enabled: true }, facebook: { enabled: false } },
  },
  {
    name: "Store Display",
    description: "Screens in the stores; people sign in with a code",
    app_type: "native",
    oidc_conformant: true,
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
    jwt_configuration: strictRs256,
  },
  {
    name: "Support Console",
    description: "For the people who answer customers",
    app_type: "regular_web",
    oidc_conformant: true,
    token_endpoint_auth_method: "client_secret_basic",
    callbacks: ["https://support.example.com/callback"],
    allowed_logout_urls: ["https://support.example.com"],
    grant_types: webGrants,
    jwt_configuration: strictRs256,
    organization_usage: "allow",
    organization_require_behavior: "no_prompt",
    oidc_logout: {
      backchannel_logout_urls: ["https://support.example.com/backchannel-logout"],
      backchannel_logout_initiators: {
        mode: "custom",
        selected_initiators: ["rp-logout", "password-changed"],
      },
    },
  },
  {
    name: "Partner Storefront",
    description: "Third-party shop that sells on commission",
    app_type: "regular_web",
    is_first_party: false,
    oidc_conformant: true,
    callbacks: ["https://partner.example.org/oauth/callback"],
    grant_types: webGrants,
    jwt_configuration: strictRs256,
  },
  {
    name: "Nightly Billing Job",
    description: "Issues the invoices of the day",
    app_type: "non_interactive",
    oidc_conformant: true,
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["client_credentials"],
    jwt_configuration: strictRs256,
    client_metadata: { team: "finance" },
  },
  {
    name: "Inventory Sync",
    description: "Keeps stock levels in step with the warehouses",
    app_type: "non_interactive",
    oidc_conformant: true,
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["client_credentials"],
    jwt_configuration: strictRs256,
  },
];

const grants = [
  { name: "Nightly Billing Job", audience: orders, scope: ["read:orders"] },
  { name: "Nightly Billing Job", audience: billing, scope: ["read:invoices", "create:invoices"] },
  { name: "Inventory Sync", audience: catalog, scope: ["read:products", "update:stock"] },
  { name: "Inventory Sync", audience: orders, scope: ["read:orders"] },
] as const;

/** Applications, APIs and grants of a small shop. */
export function seedApplications(state: TenantState): void {
  for (const api of apis) addResourceServer(api, state);
  for (const application of applications) addClient(application, state);
  for (const { name, audience, scope } of grants) {
    const client = [...state.clients.values()].find((item) => item["name"] === name);
    addClientGrant({ client_id: asString(client?.["client_id"]) ?? "", audience, scope: [...scope] }, state);
  }
}
