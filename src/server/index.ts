export type { ServerOptions } from './server-parts.ts'
export { type RunningServer, startServer } from './start-server.ts'
