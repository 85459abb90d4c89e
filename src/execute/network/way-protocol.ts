/** What is asked for first: the plan. Otherwise it is the number of an address in it, and then come the bytes. */
export const ASK_PLAN = 'plan'

/** What is answered once an address was reached, before its bytes. */
export const REACHED = '+'

/** Where each address is met. For one that refuses connections nobody listens, so they are refused there, too. */
export type Plan = readonly { readonly ip: string; readonly port: number; readonly listens: boolean }[]
