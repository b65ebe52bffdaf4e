import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Markdown } from './markdown.tsx'

function html(text: string): string {
  const whole = renderToStaticMarkup(<Markdown text={text} viewerHandle="ada" />)
  return whole.replace(/^<div class="prose-message" dir="auto">|<\/div>$/g, '')
}

const outside = 'target="_blank" rel="noopener noreferrer nofollow"'

describe('what people write', () => {
  it.each([
    [
      '**loud** and _soft_ and ~~gone~~',
      '<p><strong>loud</strong> and <em>soft</em> and <s>gone</s></p>',
    ],
    ['one\ntwo', '<p>one<br/>two</p>'],
    ['say `a < b`', '<p>say <code>a &lt; b</code></p>'],
    ['```js\nlet a = 1\n```', '<pre tabindex="0" dir="ltr"><code>let a = 1\n</code></pre>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['3. c\n4. d', '<ol start="3"><li>c</li><li>d</li></ol>'],
    ['&copy; &lt;b&gt;', '<p>&amp;copy; &amp;lt;b&amp;gt;</p>'],
    ['> quoted', '<blockquote><p>quoted</p></blockquote>'],
    ['[notes](https://example.org)', `<p><a href="https://example.org" ${outside}>notes</a></p>`],
    [
      'see https://example.org/a',
      `<p>see <a href="https://example.org/a" ${outside}>https://example.org/a</a></p>`,
    ],
  ])('%s', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it('marks mentions, the reader’s own apart, and leaves addresses and code alone', () => {
    expect(html('@ben and @Ada: `@ada`')).toBe(
      '<p><span class="mention">@ben</span> and <span class="mention mention-me">@Ada</span>: <code>@ada</code></p>',
    )
    expect(html('see foo@ada')).not.toContain('mention')
  })

  it('never becomes markup, a script or a request to somebody else', () => {
    expect(html('<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>')
    expect(html('[a](javascript:alert(1))')).not.toContain('href')
    expect(html('[a](/settings)')).toBe('<p>a</p>')
    expect(html('![a](https://example.org/a.png)')).not.toContain('<img')
    expect(html('[a](data:text/html;base64,PHNjcmlwdD4=)')).not.toContain('href')
  })
})
