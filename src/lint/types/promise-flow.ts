import type {
  BinaryExpression,
  BindingName,
  CallExpression,
  Expression,
  FunctionLikeDeclaration,
  Identifier,
  NewExpression,
  Node,
  SourceFile,
} from 'typescript/unstable/ast'
import type { Checker } from 'typescript/unstable/sync'
import { HEEDLESS, KEEPING, LOOKING, MAKING } from './known-calls.ts'
import { findCalled, findFunction, isBlock, listNodesBelow, listReturned, type Names, readNames } from './names.ts'
import type { PromiseTypes, TypeScript } from './promise-types.ts'
import { isHandedOn } from './settled-promise.ts'

/** Follows where the promises of a file go. */
export class PromiseFlow {
  readonly #file: SourceFile
  readonly #checker: Checker
  readonly #types: PromiseTypes
  readonly #ts: TypeScript
  #names: Names | undefined

  constructor(file: SourceFile, checker: Checker, types: PromiseTypes, ts: TypeScript) {
    this.#file = file
    this.#checker = checker
    this.#types = types
    this.#ts = ts
  }

  /** Whether something waits for the promise of an expression, or may: it is awaited, returned, or given to code that takes promises. */
  isWaitedFor(node: Node, seen: ReadonlySet<number> = new Set()): boolean {
    const { parent } = node
    const ts = this.#ts
    const above = () => this.isWaitedFor(parent, seen)
    switch (parent.kind) {
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.NonNullExpression:
      case ts.SyntaxKind.ArrayLiteralExpression:
      case ts.SyntaxKind.SpreadElement:
        return above()
      case ts.SyntaxKind.ExpressionStatement:
      case ts.SyntaxKind.VoidExpression:
      case ts.SyntaxKind.TypeOfExpression:
      case ts.SyntaxKind.PrefixUnaryExpression:
      case ts.SyntaxKind.IfStatement:
      case ts.SyntaxKind.WhileStatement:
      case ts.SyntaxKind.DoStatement:
      case ts.SyntaxKind.ForStatement:
      case ts.SyntaxKind.ForInStatement:
      case ts.SyntaxKind.SwitchStatement:
      case ts.SyntaxKind.CaseClause:
      case ts.SyntaxKind.ThrowStatement:
      case ts.SyntaxKind.ComputedPropertyName:
        return false
      // A list of promises, or an object with one, is not waited for.
      case ts.SyntaxKind.AwaitExpression:
        return this.#types.holds(node) === 'promise'
      case ts.SyntaxKind.ReturnStatement:
        return this.#types.holds(node) === 'promise' || !isBlock(findFunction(parent, ts), ts)
      case ts.SyntaxKind.SpreadAssignment:
      case ts.SyntaxKind.PropertyAssignment:
      case ts.SyntaxKind.ShorthandPropertyAssignment:
        return this.isWaitedFor(parent.parent, seen)
      case ts.SyntaxKind.TemplateSpan:
        return this.#isSpanWaitedFor(parent, seen)
    }
    if (ts.isConditionalExpression(parent)) return parent.condition !== node && above()
    if (ts.isBinaryExpression(parent)) return this.#isOperandWaitedFor(parent, node, seen)
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      return parent.expression === node || this.#isArgumentWaitedFor(parent, node, seen)
    }
    if (ts.isPropertyAccessExpression(parent)) return this.#isReceiverWaitedFor(node, parent, parent.name.text, seen)
    if (ts.isElementAccessExpression(parent))
      return parent.expression === node && this.#isReceiverWaitedFor(node, parent, '', seen)
    if (ts.isVariableDeclaration(parent))
      return (
        (parent.parent.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing ||
        this.#isNameWaitedFor(parent.name, seen)
      )
    if (ts.isForOfStatement(parent)) {
      if (parent.awaitModifier) return true
      const [declared] = ts.isVariableDeclarationList(parent.initializer) ? parent.initializer.declarations : []
      return declared === undefined || this.#isNameWaitedFor(declared.name, seen)
    }
    if (ts.isParameterDeclaration(parent) || ts.isBindingElement(parent))
      return parent.name !== undefined && this.#isNameWaitedFor(parent.name, seen)
    if (ts.isPropertyDeclaration(parent)) return this.#isFieldWaitedFor(parent.name, seen)
    return true
  }

  /**
   * Whether the result of a call is waited for by another name. A function returns a promise that it also keeps, or `p.catch(…)` handles
   * a failure that `await p` reports later, or `p.then(resolve, reject)` hands both on.
   */
  isWaitedForElsewhere(call: Node): boolean {
    const ts = this.#ts
    if (!ts.isCallExpression(call)) return false
    const { expression: callee } = call
    if (isHandedOn(call, this.#readNames(), ts)) return true
    if (ts.isPropertyAccessExpression(callee))
      return callee.name.text === 'catch' && ts.isIdentifier(callee.expression) && this.#hasOtherUse(callee.expression)
    const given = ts.isIdentifier(callee) ? listReturned(callee, this.#readNames(), ts) : []
    return given.length > 0 && given.every(one => one && ts.isIdentifier(one) && this.#hasOtherUse(one))
  }

  #hasOtherUse(use: Identifier): boolean {
    const ts = this.#ts
    const { idOf, uses } = this.#readNames()
    const id = idOf.get(use)
    return (uses.get(id ?? -1) ?? []).some(other => {
      const { parent } = other
      const isAsked = ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent)
      return other !== use && this.isWaitedFor(isAsked ? parent.parent : other)
    })
  }

  /** Whether a call puts its arguments into a list. */
  isKeeping(call: Node): boolean {
    const ts = this.#ts
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false
    return KEEPING.includes(call.expression.name.text)
  }

  #isOperandWaitedFor(parent: BinaryExpression, node: Node, seen: ReadonlySet<number>): boolean {
    const { SyntaxKind } = this.#ts
    const isRight = parent.right === node
    switch (parent.operatorToken.kind) {
      case SyntaxKind.EqualsToken:
      case SyntaxKind.QuestionQuestionEqualsToken:
      case SyntaxKind.BarBarEqualsToken:
      case SyntaxKind.AmpersandAmpersandEqualsToken:
        return isRight && (this.#isTargetWaitedFor(parent.left, seen) || this.isWaitedFor(parent, seen))
      case SyntaxKind.CommaToken:
      case SyntaxKind.AmpersandAmpersandToken:
        return isRight && this.isWaitedFor(parent, seen)
      case SyntaxKind.BarBarToken:
      case SyntaxKind.QuestionQuestionToken:
        return this.isWaitedFor(parent, seen)
      default:
        return false
    }
  }

  #isArgumentWaitedFor(call: CallExpression | NewExpression, node: Node, seen: ReadonlySet<number>): boolean {
    const { expression: callee, arguments: given = [] } = call
    const name = callee.getText(this.#file)
    if (HEEDLESS.test(name)) return false
    if (MAKING.test(name)) return this.isWaitedFor(call, seen)
    if (this.#ts.isPropertyAccessExpression(callee) && KEEPING.includes(callee.name.text))
      return this.#isTargetWaitedFor(callee.expression, seen)
    const called = this.#ts.isIdentifier(callee) ? findCalled(callee, this.#readNames(), this.#ts) : undefined
    if (!called) return true
    const all: readonly Node[] = given
    const isSpread = this.#ts.isSpreadElement(node)
    return this.#isTakenAndWaitedFor(called, all.indexOf(node), isSpread, seen)
  }

  /** For a value in a template: its tag, if it has one, is a function that takes it behind the texts. */
  #isSpanWaitedFor(span: Node, seen: ReadonlySet<number>): boolean {
    const ts = this.#ts
    const tagged = span.parent.parent
    if (!ts.isTaggedTemplateExpression(tagged) || !ts.isTemplateExpression(tagged.template)) return false
    if (tagged.tag.getText(this.#file) === 'String.raw') return false
    const called = ts.isIdentifier(tagged.tag) ? findCalled(tagged.tag, this.#readNames(), ts) : undefined
    if (!called) return true
    const spans: readonly Node[] = tagged.template.templateSpans
    return this.#isTakenAndWaitedFor(called, 1 + spans.indexOf(span), false, seen)
  }

  /** For an argument of a function of this block: what it does with it can be seen. */
  #isTakenAndWaitedFor(
    { parameters }: FunctionLikeDeclaration,
    index: number,
    isSpread: boolean,
    seen: ReadonlySet<number>,
  ): boolean {
    const takers = isSpread ? parameters.slice(index) : [parameters[index] ?? parameters.at(-1)]
    return takers.some(
      taker =>
        taker !== undefined &&
        (taker.dotDotDotToken !== undefined || isSpread || taker === parameters[index]) &&
        this.#isNameWaitedFor(taker.name, seen),
    )
  }

  /** For a field of a class: whoever has the object may wait for it, and somebody does. */
  #isFieldWaitedFor(name: Node, seen: ReadonlySet<number>): boolean {
    const ts = this.#ts
    const text = name.getText(this.#file)
    return listNodesBelow(this.#file).some(
      node =>
        ((ts.isPropertyAccessExpression(node) && node.name.getText(this.#file) === text) ||
          (ts.isElementAccessExpression(node) && node.argumentExpression.getText(this.#file).slice(1, -1) === text)) &&
        this.isWaitedFor(node, seen),
    )
  }

  /** For a property or a method call of a promise, of a list of promises, or of an object that holds one. */
  #isReceiverWaitedFor(node: Node, access: Node, name: string, seen: ReadonlySet<number>): boolean {
    const held = this.#types.holds(node)
    const { parent } = access
    if (this.#ts.isCallExpression(parent) && parent.expression === access) {
      // The promise that it returns is checked separately.
      if (held === 'promise') return this.#types.holds(parent) !== 'nothing'
      return held === 'nothing' || !LOOKING.includes(name)
    }
    if (this.#types.holds(access) !== 'nothing') return this.isWaitedFor(access, seen)
    return held === 'nothing' && !this.#types.isPlain(access) && this.isWaitedFor(access, seen)
  }

  /** For the variable into which an assignment or a list's method puts a promise. */
  #isTargetWaitedFor(target: Expression, seen: ReadonlySet<number>): boolean {
    const ts = this.#ts
    let root: Expression = target
    while (
      ts.isPropertyAccessExpression(root) ||
      ts.isElementAccessExpression(root) ||
      ts.isParenthesizedExpression(root) ||
      ts.isNonNullExpression(root)
    )
      root = root.expression
    return !ts.isIdentifier(root) || this.#isNameWaitedFor(root, seen)
  }

  #isNameWaitedFor(name: BindingName, seen: ReadonlySet<number>): boolean {
    const ts = this.#ts
    if (!ts.isIdentifier(name)) {
      const names = name.elements.flatMap(element => ('name' in element && element.name ? [element.name] : []))
      const holding = names.filter(element => !ts.isIdentifier(element) || this.#types.holds(element) !== 'nothing')
      return holding.length > 0 && holding.every(element => this.#isNameWaitedFor(element, seen))
    }
    const { idOf, declared, uses } = this.#readNames()
    const id = idOf.get(name)
    // Other code may use a name that is declared elsewhere.
    if (id === undefined || !declared.has(id)) return true
    if (seen.has(id)) return false
    return (uses.get(id) ?? []).some(use => use !== name && this.isWaitedFor(use, new Set([...seen, id])))
  }

  #readNames(): Names {
    this.#names ??= readNames(this.#file, this.#checker, this.#ts)
    return this.#names
  }
}
