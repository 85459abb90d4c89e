/** Methods by which a list keeps its arguments. */
export const KEEPING = ['push', 'unshift', 'add', 'set', 'splice', 'fill']
/** Methods of a list that do not touch its elements. */
export const LOOKING = [...KEEPING, 'includes', 'indexOf', 'lastIndexOf', 'has', 'delete', 'join', 'toString', 'clear']
/** Functions that make a collection of their arguments. */
export const MAKING = /^(?:Map|Set|Array|Array\.(?:of|from)|Object\.(?:values|entries|fromEntries|assign|freeze))$/
/** Functions that treat a promise as a plain value and do not wait. */
export const HEEDLESS =
  /^(?:console\.\w+|echo|String|Boolean|Number|Array\.isArray|isNaN|JSON\.stringify|Object\.(?:keys|hasOwn|getOwnPropertyNames)|Reflect\.(?:ownKeys|has)|(?:util\.)?(?:inspect|format))$/
