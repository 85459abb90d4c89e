import { usePluginData } from '@docusaurus/useGlobalData'
import type { ProcedureCard, SiteData } from '../../plugin/index.ts'

/** What the site knows of its procedures. */
export function useSiteData(): SiteData {
  const data = usePluginData('handbook')
  return isSiteData(data) ? data : { procedures: [], environments: [] }
}

/** What the site knows of the procedure on a page. */
export function useCard(path: string): ProcedureCard | undefined {
  return useSiteData().procedures.find(procedure => procedure.path === path)
}

function isSiteData(data: unknown): data is SiteData {
  return typeof data === 'object' && data !== null && 'procedures' in data
}

/** The data that the plugin wrote into the only attribute of an element when the site was built. */
export function parseView<View>(view: string): View {
  return JSON.parse(view)
}
