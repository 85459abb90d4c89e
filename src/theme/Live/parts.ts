export { Incidents } from './incident/Incidents.tsx'
export { Now } from './now/Now.tsx'
export { FollowRun } from './run/FollowRun.tsx'
export { RunHere } from './run/RunHere.tsx'
