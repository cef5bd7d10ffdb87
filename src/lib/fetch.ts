/** Sends one HTTP request; the embedded sandbox and tests take the place of the network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
