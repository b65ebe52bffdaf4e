import ts from 'typescript'

/** Prints types written out, so that nothing is left to look up where they were declared. */
export class TypePrinter {
  readonly #checker: ts.TypeChecker
  /** Written-out text → name. */
  readonly #names = new Map<string, string>()

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker
  }

  /** From now on a type of this form is printed by its name. @returns its declaration */
  name(name: string, type: ts.Type): string {
    const text = this.#write(type, name, false)
    const declaration = `export type ${name} = ${this.#write(type, name, true)};`
    this.#names.set(text, name)
    return declaration
  }

  /** @throws Error for what is not plain data: functions, classes, `any` */
  print(type: ts.Type, place: string): string {
    const text = this.#write(type, place, false)
    return this.#names.get(text) ?? this.#write(type, place, true)
  }

  #part(type: ts.Type, place: string, documented: boolean): string {
    const text = this.#write(type, place, false)
    return this.#names.get(text) ?? (documented ? this.#write(type, place, true) : text)
  }

  #write(type: ts.Type, place: string, documented: boolean): string {
    const checker = this.#checker
    if (type.flags & ts.TypeFlags.Any) throw new Error(`${place} is any`)
    if (type.isUnion()) return this.#writeUnion(type, place, documented)
    if (type.isStringLiteral()) return `'${type.value}'`
    if (!(type.flags & ts.TypeFlags.Object)) return checker.typeToString(type)
    if (checker.isTupleType(type)) {
      const parts = checker.getTypeArguments(type as ts.TypeReference)
      return `[${parts.map((part) => this.#part(part, place, documented)).join(', ')}]`
    }
    if (checker.isArrayType(type)) {
      const [part] = checker.getTypeArguments(type as ts.TypeReference)
      if (!part) throw new Error(`${place} is an array of nothing`)
      const text = this.#part(part, `${place}[]`, documented)
      return /[ |]/.test(text) && !text.startsWith('{') ? `(${text})[]` : `${text}[]`
    }
    return this.#writeObject(type, place, documented)
  }

  #writeUnion(type: ts.UnionType, place: string, documented: boolean): string {
    const parts = type.types.map((part) => this.#part(part, place, documented))
    const isBoolean = parts.includes('true') && parts.includes('false')
    const kept = isBoolean
      ? [...parts.filter((part) => part !== 'true' && part !== 'false'), 'boolean']
      : parts
    // What may be absent stands last, as one would write it.
    const order = (part: string) => ['null', 'undefined'].indexOf(part)
    return this.#byName(kept)
      .sort((a, b) => order(a) - order(b))
      .join(' | ')
  }

  /** A long union with more in it is written as the name of the long one, and what is more. */
  #byName(parts: readonly string[]): string[] {
    for (const [text, name] of this.#names) {
      const named = text.split(' | ')
      if (named.length > 5 && named.length < parts.length && named.every((p) => parts.includes(p)))
        return [name, ...parts.filter((part) => !named.includes(part))]
    }
    return [...parts]
  }

  #writeObject(type: ts.Type, place: string, documented: boolean): string {
    const checker = this.#checker
    if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0)
      throw new Error(`${place} is a function`)
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
    if (index) return `Record<string, ${this.#part(index.type, place, documented)}>`
    const properties = checker.getPropertiesOfType(type).map((property) => {
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
      const value = checker.getTypeOfSymbol(property)
      const full = this.#part(value, `${place}.${property.name}`, documented)
      const text = isOptional ? full.replace(/ \| undefined$/, '') : full
      const doc = documented ? docOf(property, checker) : ''
      return `${doc}${quote(property.name)}${isOptional ? '?' : ''}: ${text}`
    })
    return `{ ${properties.map((property) => `${property}; `).join('')}}`
  }
}

function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
  return text === '' ? '' : `\n/** ${text.replaceAll('*/', '*\\/')} */\n`
}

function quote(name: string): string {
  return /^[\w$]+$/.test(name) ? name : `'${name}'`
}
