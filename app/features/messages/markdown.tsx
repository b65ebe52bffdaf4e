import MarkdownIt, { type Token } from 'markdown-it'
import { createElement, Fragment, memo, type ReactNode } from 'react'
import { splitMentions } from './split-mentions.ts'

/**
 * People's markdown as React elements; no string of HTML exists on the way. Pictures are off: they would ask
 * other servers for something, and tell them who reads.
 */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable([
  'entity',
  'image',
  'reference',
  'lheading',
  'table',
])

const tags = new Set('p strong em s ul ol li blockquote pre code hr h1 h2 h3 h4 h5 h6'.split(' '))

export interface MarkdownProps {
  text: string
  /** Handle of the reader, whose own mentions stand out. */
  viewerHandle: string
}

/** A message's text. */
export const Markdown = memo(function Markdown({ text, viewerHandle }: MarkdownProps) {
  const tokens = parser.parse(text, {})
  return (
    <div className="prose-message" dir="auto">
      {render(tokens, viewerHandle)}
    </div>
  )
})

/** Turns a flat list of opening, closing and single tokens into a tree. */
function render(tokens: readonly Token[], handle: string): ReactNode[] {
  const stack: { token: Token | null; children: ReactNode[] }[] = [{ token: null, children: [] }]
  const put = (node: ReactNode) => stack.at(-1)?.children.push(node)
  tokens.forEach((token, key) => {
    if (token.nesting === 1) stack.push({ token, children: [] })
    else if (token.nesting === -1) {
      const open = stack.pop()
      if (open?.token) put(element(open.token, key, open.children))
    } else put(single(token, key, handle))
  })
  return stack[0]?.children ?? []
}

function element(token: Token, key: number, children: ReactNode[]): ReactNode {
  // A tight list's paragraphs are there only for the grammar.
  if (token.hidden) return <Fragment key={key}>{children}</Fragment>
  if (token.tag === 'a') return link(token, key, children)
  if (!tags.has(token.tag)) return <Fragment key={key}>{children}</Fragment>
  const start = token.tag === 'ol' ? Number(token.attrGet('start') ?? 1) : undefined
  return createElement(token.tag, { key, start }, ...children)
}

function link(token: Token, key: number, children: ReactNode[]): ReactNode {
  const href = String(token.attrGet('href') ?? '')
  if (!/^(?:https?:|mailto:)/i.test(href)) return <Fragment key={key}>{children}</Fragment>
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

function single(token: Token, key: number, handle: string): ReactNode {
  switch (token.type) {
    case 'inline':
      return <Fragment key={key}>{render(token.children ?? [], handle)}</Fragment>
    case 'fence':
    case 'code_block':
      return (
        <pre key={key} tabIndex={0} dir="ltr">
          <code>{token.content}</code>
        </pre>
      )
    case 'code_inline':
      return <code key={key}>{token.content}</code>
    case 'softbreak':
    case 'hardbreak':
      return <br key={key} />
    case 'hr':
      return <hr key={key} />
    default:
      return <Fragment key={key}>{withMentions(token.content, handle)}</Fragment>
  }
}

function withMentions(text: string, handle: string): ReactNode[] {
  return splitMentions(text).map((part, key) =>
    part.handle === null ? (
      part.text
    ) : (
      <span key={key} className={part.handle === handle ? 'mention mention-me' : 'mention'}>
        {part.text}
      </span>
    ),
  )
}
