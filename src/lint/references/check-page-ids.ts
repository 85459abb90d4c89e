import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'

/**
 * Demands that a name leads to one page: no procedure has the id of another page, be it in other letters, no id is an alert that
 * another page answers, and no two pages answer one alert. `handbook run NAME` could not tell them apart.
 */
export function checkPageIds(pages: readonly Page[]): Problem[] {
  const answering = new Map<string, Page>()
  const twice = pages.flatMap(page =>
    page.procedure.alerts.flatMap((alert, at) => checkAlert(page, alert, at, answering)),
  )
  const byId = groupById(pages)
  return [...twice, ...pages.flatMap(page => checkId(page, byId, answering))]
}

function groupById(pages: readonly Page[]): ReadonlyMap<string, readonly Page[]> {
  const groups = new Map<string, Page[]>()
  for (const page of pages) {
    const id = page.procedure.id.toLowerCase()
    const group = groups.get(id)
    if (group) group.push(page)
    else groups.set(id, [page])
  }
  return groups
}

function checkAlert(page: Page, alert: string, at: number, answering: Map<string, Page>): Problem[] {
  const other = answering.get(alert)
  if (!other) answering.set(alert, page)
  if (!other || other === page) return []
  const message = `${other.path} answers the alert ${alert} already`
  const hint = 'Take it out of alerts: of one of them'
  return [page.problem('unique-page-ids', page.placeOf('alerts', at), message, { found: alert, hint })]
}

function checkId(
  page: Page,
  byId: ReadonlyMap<string, readonly Page[]>,
  answering: ReadonlyMap<string, Page>,
): Problem[] {
  const { id } = page.procedure
  const place = page.placeOf('id')
  const problem = (message: string) => [page.problem('unique-page-ids', place, message, { found: id })]
  const answers = answering.get(id)
  if (answers && answers !== page) return problem(`The id ${id} is the name of an alert that ${answers.path} answers`)
  const alike = byId.get(id.toLowerCase()) ?? []
  // Pages that are only read may share a name, as the index of each folder does.
  const other = alike
    .slice(0, alike.indexOf(page))
    .find(({ procedure }) => page.procedure.kind !== 'page' || procedure.kind !== 'page')
  if (!other) return []
  const before = other.procedure.id
  return problem(`${other.path} has the id ${before} already${before === id ? '' : ', which differs only in case'}`)
}
