import { formatPlace } from '../../base/index.ts'
import type { Page } from '../page.ts'
import { type FileViolation, type Rule, violation } from '../rule.ts'

/**
 * A name leads to one page. No procedure has the id of another page, not even in other case. No id is an alert that another page
 * answers. No two pages answer the same alert. Otherwise `handbook run NAME` could not choose.
 */
export const uniquePageIds: Rule = {
  id: 'unique-page-ids',
  severity: 'error',
  summary: 'A name leads to one page: ids, and the alerts that pages answer',
  hint: 'Rename the file, or give it an id in the front matter',
  checkHandbook(pages) {
    const answering = new Map<string, Page>()
    const twice = pages.flatMap(page =>
      page.procedure.alerts.flatMap((alert, at) => checkAlert(page, alert, at, answering)),
    )
    const byId = groupById(pages)
    return [...twice, ...pages.flatMap(page => checkId(page, byId, answering))]
  },
  isJudged: ({ whole }) => whole,
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

function checkAlert(page: Page, alert: string, at: number, answering: Map<string, Page>): FileViolation[] {
  const other = answering.get(alert)
  if (!other) answering.set(alert, page)
  if (!other || other === page) return []
  const message = `${placed(other, 'alerts')} answers the alert ${alert} already`
  const hint = 'Take it out of alerts: of one of them'
  return [{ file: page.path, ...violation(page.placeOf('alerts', at), message, { found: alert, hint }) }]
}

function checkId(
  page: Page,
  byId: ReadonlyMap<string, readonly Page[]>,
  answering: ReadonlyMap<string, Page>,
): FileViolation[] {
  const { id } = page.procedure
  const refuse = (message: string) => [{ file: page.path, ...violation(page.placeOf('id'), message, { found: id }) }]
  const answers = answering.get(id)
  if (answers && answers !== page)
    return refuse(`The id ${id} is the name of an alert that ${placed(answers, 'alerts')} answers`)
  const alike = byId.get(id.toLowerCase()) ?? []
  // Plain pages may share a name, like the index of each folder.
  const other = alike
    .slice(0, alike.indexOf(page))
    .find(({ procedure }) => page.procedure.kind !== 'page' || procedure.kind !== 'page')
  if (!other) return []
  const before = other.procedure.id
  return refuse(
    `${placed(other, 'id')} has the id ${before} already${before === id ? '' : ', which differs only in case'}`,
  )
}

function placed(page: Page, key: string): string {
  return formatPlace({ file: page.path, ...page.placeOf(key) })
}
