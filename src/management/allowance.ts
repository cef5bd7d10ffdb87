/** How long a call may go on with requests that had to be repeated, in milliseconds. */
export const MAX_TOTAL = 20_000;

/** What is left of the time in which one call may repeat requests; all of its requests share it. */
export class RetryAllowance {
  #spent = 0;

  /** Milliseconds that repeated requests have taken so far, from their first attempt to their last. */
  get spent(): number {
    return this.#spent;
  }

  get left(): number {
    return Math.max(0, MAX_TOTAL - this.#spent);
  }

  spend(milliseconds: number): void {
    this.#spent += milliseconds;
  }
}
