import type { Environment } from '../environments/index.ts'
import type { LabStatus } from './lab-status.ts'

/** A running lab as an environment in which procedures run: everything is allowed there. */
export function labEnvironment(status: LabStatus): Environment {
  const { id, target, services, path, variables, secrets, prometheusUrl, alertmanagerUrl } = status
  return {
    name: 'lab',
    ...(id === undefined ? {} : { deployment: id }),
    auto: 'danger',
    protected: false,
    approvers: {},
    target,
    services,
    path,
    variables,
    secrets,
    hosts: [],
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
  }
}
