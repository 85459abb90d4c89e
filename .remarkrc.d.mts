import type { Preset } from 'unified'

/** What editors let remark look at. */
declare const preset: Preset
export default preset
