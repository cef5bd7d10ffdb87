// A tenant as far away as a real one: it answers every request with the same application, after 20 milliseconds.
const application = JSON.stringify({
  ...{ client_id: "slow", name: "Far away", app_type: "spa", is_first_party: true, oidc_conformant: true },
  ...{
    callbacks: ["https://app.example.com/callback"],
    grant_types: ["authorization_code", "refresh_token"],
  },
});
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch() {
    await Bun.sleep(20);
    return new Response(application, { headers: { "content-type": "application/json" } });
  },
});
console.log(server.port);
