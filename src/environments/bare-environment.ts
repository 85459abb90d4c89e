import type { Environment } from './environment.ts'

/** An environment of which nothing is known but its name: what runs there runs as a script does, up to `change` without being asked. */
export function bareEnvironment(name: string): Environment {
  return {
    name,
    auto: 'change',
    protected: false,
    approvers: {},
    target: {},
    services: {},
    path: [],
    variables: {},
    secrets: {},
    hosts: [],
  }
}
