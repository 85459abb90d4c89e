import type { Rule } from './rule.ts'
import { alertDescribed } from './rules/alert-described.ts'
import { alertExists } from './rules/alert-exists.ts'
import { alertHasPage } from './rules/alert-has-page.ts'
import { anchorResolves } from './rules/anchor-resolves.ts'
import { areaItems } from './rules/area-items.ts'
import { bashSyntax } from './rules/bash-syntax.ts'
import { bashVariable } from './rules/bash-variable.ts'
import { checkItem } from './rules/check-item.ts'
import { drillAlert } from './rules/drill-alert.ts'
import { drillExpects } from './rules/drill-expects.ts'
import { drillFault } from './rules/drill-fault.ts'
import { environmentFacts } from './rules/environment-facts.ts'
import { environmentSecrets } from './rules/environment-secrets.ts'
import { faultDrilled } from './rules/fault-drilled.ts'
import { finishedProse } from './rules/finished-prose.ts'
import { floatingPromise } from './rules/floating-promise.ts'
import { frontMatterKey } from './rules/front-matter-key.ts'
import { handbookFile } from './rules/handbook-file.ts'
import { hasDrill } from './rules/has-drill.ts'
import { hbVerb } from './rules/hb-verb.ts'
import { imageExists } from './rules/image-exists.ts'
import { itemHasCheck } from './rules/item-has-check.ts'
import { knownArea } from './rules/known-area.ts'
import { knownBreakage } from './rules/known-breakage.ts'
import { knownOwner } from './rules/known-owner.ts'
import { knownService } from './rules/known-service.ts'
import { linkResolves } from './rules/link-resolves.ts'
import { noActiveContent } from './rules/no-active-content.ts'
import { noSecret } from './rules/no-secret.ts'
import { notApplicable } from './rules/not-applicable.ts'
import { proofCurrent } from './rules/proof-current.ts'
import { proofFile } from './rules/proof-file.ts'
import { proofSources } from './rules/proof-sources.ts'
import { requiredSection } from './rules/required-section.ts'
import { reviewedLately } from './rules/reviewed-lately.ts'
import { reviewedPast } from './rules/reviewed-past.ts'
import { rulesShape, rulesYaml } from './rules/rule-files.ts'
import { runbookUrl } from './rules/runbook-url.ts'
import { scriptMatches } from './rules/script-matches.ts'
import { scriptShown } from './rules/script-shown.ts'
import { shellcheck } from './rules/shellcheck.ts'
import { structureRules } from './rules/structure.ts'
import { suggestsAStep } from './rules/suggests-a-step.ts'
import { temporaryUndone } from './rules/temporary-undone.ts'
import { types } from './rules/types.ts'
import { undoesSaysWhen } from './rules/undoes-says-when.ts'
import { uniquePageIds } from './rules/unique-page-ids.ts'
import { uniqueRoutes } from './rules/unique-routes.ts'
import { waiverAllowed } from './rules/waiver-allowed.ts'
import { waiverCurrent } from './rules/waiver-current.ts'
import { waiverReason } from './rules/waiver-reason.ts'
import { waiverTarget } from './rules/waiver-target.ts'
import { waiverUntil } from './rules/waiver-until.ts'
import { waiverUsed } from './rules/waiver-used.ts'
import { wayBack } from './rules/way-back.ts'

/** Rules that belong together. */
export interface Topic {
  readonly title: string
  readonly rules: readonly Rule[]
  /** Why no page may waive them, when none may. */
  readonly never?: string
}

const STRUCTURE: Topic = {
  title: 'Structure',
  rules: structureRules,
  never: 'a page that is not read as it was meant is not run',
}

const BLOCKS: Topic = {
  title: 'Blocks',
  rules: [
    types,
    floatingPromise,
    bashSyntax,
    shellcheck,
    bashVariable,
    hbVerb,
    suggestsAStep,
    knownService,
    scriptMatches,
  ],
}

const REFERENCES: Topic = {
  title: 'What pages, alerts and drills say of each other',
  rules: [
    frontMatterKey,
    uniquePageIds,
    uniqueRoutes,
    requiredSection,
    wayBack,
    temporaryUndone,
    undoesSaysWhen,
    alertExists,
    hasDrill,
    drillFault,
    drillExpects,
    drillAlert,
    proofCurrent,
    knownOwner,
    reviewedLately,
    reviewedPast,
    linkResolves,
    anchorResolves,
    imageExists,
    noSecret,
    noActiveContent,
    finishedProse,
  ],
}

const READINESS: Topic = {
  title: 'Readiness',
  rules: [knownArea, areaItems, itemHasCheck, checkItem, knownBreakage, notApplicable],
}

const FILES: Topic = {
  title: 'Files beside the pages',
  rules: [
    handbookFile,
    rulesYaml,
    rulesShape,
    alertHasPage,
    runbookUrl,
    alertDescribed,
    faultDrilled,
    scriptShown,
    proofFile,
    proofSources,
    environmentFacts,
    environmentSecrets,
  ],
  never: 'the problem is in a file without front matter',
}

const WAIVERS: Topic = {
  title: 'Waivers',
  rules: [waiverTarget, waiverAllowed, waiverReason, waiverUntil, waiverCurrent, waiverUsed],
  never: 'a rule about waivers cannot be waived',
}

/** The one list of the rules, by what they are about; each is in the file below `rules/` that is named after it. */
export const TOPICS: readonly Topic[] = [STRUCTURE, BLOCKS, REFERENCES, READINESS, FILES, WAIVERS]

/** Every rule. */
export const RULES: readonly Rule[] = [FILES, STRUCTURE, BLOCKS, REFERENCES, READINESS, WAIVERS].flatMap(
  ({ rules }) => rules,
)
