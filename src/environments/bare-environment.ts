import type { Environment } from './environment.ts'

/** An environment of which only the name is known. Steps run there as in a script, up to `change` without a question. */
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
