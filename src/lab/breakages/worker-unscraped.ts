import { editedMonitoring } from '../kit/edited-monitoring.ts'

/** Deliveries are not watched, and nothing says so. */
export const workerUnscraped = editedMonitoring({
  name: 'worker-unscraped',
  title: 'Prometheus does not scrape the worker',
  summary: 'The job of the worker is missing in the configuration of Prometheus',
  unscrapes: 'upload-bridge-worker',
  change: ({ scrape_configs: jobs }) => ({
    scrape_configs: Array.isArray(jobs) ? jobs.filter(({ job_name: name }) => name !== 'upload-bridge-worker') : [],
  }),
})
