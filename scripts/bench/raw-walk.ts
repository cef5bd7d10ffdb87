// The requests that a walk over all applications takes, and nothing else: one walk for every line on stdin. Each request
// needs the one before, since a page names the next.
const [url = "", token = ""] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}` };
const members = "client_id,name,description,app_type,is_first_party";
const first = `${url}/api/v2/clients?is_global=false&include_fields=true&fields=${members}&take=100`;

for await (const _ of console) {
  for (let address: string | undefined = first; address !== undefined; ) {
    const page: { next?: string } = JSON.parse(await (await fetch(address, { headers })).text());
    const { next } = page;
    address = next === undefined ? undefined : `${first}&from=${next}`;
  }
  console.log("walked");
}

export {};
