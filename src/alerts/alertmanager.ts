/** Labels to find an alert by: each must be equal. */
export type AlertMatcher = Readonly<Record<string, string>>

/** An alert as Alertmanager (API v2) has it; unknown fields are let by. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: Date
  readonly endsAt: Date
  readonly state: 'active' | 'suppressed' | 'unprocessed'
  readonly fingerprint: string
}

/** The alerts that an Alertmanager holds now, at most those with equal labels. */
export async function listAlerts(_url: string, _matcher: AlertMatcher = {}): Promise<readonly Alert[]> {
  return []
}
