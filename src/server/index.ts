export type { ServerOptions } from './server-parts.ts'
export { invite, type RunningServer, startServer } from './start-server.ts'
