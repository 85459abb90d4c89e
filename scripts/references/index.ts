import { alertEntries, recordedSeries } from './alerts.ts'
import { configurationKeys } from './configuration.ts'
import { contacts } from './contacts.ts'
import { bridgectlExitEntries, handbookExitEntries, problemEntries, serviceExitEntries } from './errors.ts'
import {
  drillKeys,
  environmentKeys,
  frontMatterKeys,
  handbookKeys,
  labCommandKeys,
  labKeys,
  notifyKeys,
  onCallKeys,
  paramKeys,
  postmortemsKeys,
  proxyKeys,
  quantitiesKeys,
  quantityKeys,
  rotaKeys,
  secretKeys,
  serveKeys,
  waiverKeys,
} from './keys.ts'
import { processMetrics, serviceMetrics } from './metrics.ts'
import { quantityEntries } from './quantities.ts'
import { reviewChecklist } from './review.ts'
import { roleEntries, roleMatrix } from './roles.ts'
import { ruleEntries } from './rules.ts'
import { scopeTypes, verbs, zxGlobals } from './scope.ts'
import { unitHardening } from './units.ts'

export { schemaFiles } from './schemas.ts'

/** The parts of pages that are written from the code: name in the page's markers -> what writes it, as Markdown. */
export const references: Readonly<Record<string, () => Promise<string>>> = {
  'handbook-keys': handbookKeys,
  'lab-keys': labKeys,
  'notify-keys': notifyKeys,
  'proxy-keys': proxyKeys,
  'serve-keys': serveKeys,
  'lab-command-keys': labCommandKeys,
  'environment-keys': environmentKeys,
  'secret-keys': secretKeys,
  'front-matter-keys': frontMatterKeys,
  'param-keys': paramKeys,
  'drill-keys': drillKeys,
  verbs,
  'scope-types': scopeTypes,
  'zx-globals': zxGlobals,
  'waiver-keys': waiverKeys,
  'rule-entries': ruleEntries,
  'problem-entries': problemEntries,
  'service-exit-entries': serviceExitEntries,
  'bridgectl-exit-entries': bridgectlExitEntries,
  'handbook-exit-entries': handbookExitEntries,
  contacts,
  'quantity-entries': quantityEntries,
  'on-call-keys': onCallKeys,
  'postmortems-keys': postmortemsKeys,
  'rota-keys': rotaKeys,
  'quantities-keys': quantitiesKeys,
  'quantity-keys': quantityKeys,
  'configuration-keys': configurationKeys,
  'role-entries': roleEntries,
  'role-matrix': roleMatrix,
  'unit-hardening': unitHardening,
  'alert-entries': alertEntries,
  'recorded-series': recordedSeries,
  'service-metrics': serviceMetrics,
  'process-metrics': processMetrics,
  'review-checklist': reviewChecklist,
}
