import { abandonedBy } from '../../kit/abandoned-files.ts'
import type { Fault } from '../../kit/fault.ts'
import { fillWithDeliveries } from '../../kit/fill-with-deliveries.ts'
import { isVolumeLow } from '../../kit/low-volume.ts'

/** The volume is too small for what is rightly on it: no mitigation heals that, and somebody has to enlarge it. */
export const growth: Fault = {
  name: 'growth',
  title: 'The storage volume is too small',
  summary:
    'Customers send more than the volume was planned for: all of it is delivered and kept as long as it is meant to be, and further uploads get 507',
  start: async deployment => void (await fillWithDeliveries('growth', deployment)),
  stop: deployment => abandonedBy('growth', deployment).withdraw(),
  isActive: isVolumeLow,
}
