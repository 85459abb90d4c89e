import type { Area, Item } from './catalogue-schema.ts'

/** The weight of an item: by its area's priority, and by whether every deployment needs it. */
export const WEIGHTS: Readonly<Record<Area['priority'], { readonly required: number; readonly optional: number }>> = {
  high: { required: 6, optional: 3 },
  medium: { required: 4, optional: 2 },
  low: { required: 2, optional: 1 },
}

/** The weight of an item. An item that only a deployment with several users needs weighs as much as an optional one. */
export function weigh({ priority }: Pick<Area, 'priority'>, { need }: Pick<Item, 'need'>): number {
  return WEIGHTS[priority][need === 'required' ? 'required' : 'optional']
}
