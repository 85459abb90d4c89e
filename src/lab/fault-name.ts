/** The faults that the lab knows. */
export type FaultName = 'storage-filling' | 'downstream-down' | 'downstream-hanging' | 'bad-deployment'
