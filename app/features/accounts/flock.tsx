/** Geese in flight, each drawing its thread: what the product is called after. Decorative. */
export function Flock({ className }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 480 360" fill="none" aria-hidden="true" className={className}>
      <linearGradient
        id="flock-trail"
        gradientUnits="userSpaceOnUse"
        x1="20"
        y1="0"
        x2="340"
        y2="0"
      >
        <stop offset="0" stopColor="currentColor" stopOpacity="0" />
        <stop offset="1" stopColor="currentColor" stopOpacity="0.5" />
      </linearGradient>
      <g stroke="url(#flock-trail)" strokeWidth="1.5" strokeLinecap="round">
        {geese.map(({ x, y }, index) => (
          <path key={index} d={trail(x, y, index)} />
        ))}
      </g>
      <g stroke="currentColor" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
        {geese.map(({ x, y, size }, index) => (
          <path
            key={index}
            d={wings(x, y, size)}
            className={index === 0 ? 'text-[#f7a672]' : undefined}
            stroke="currentColor"
          />
        ))}
      </g>
    </svg>
  )
}

/** The leader first, then the two arms of the formation. */
const geese = [
  { x: 372, y: 92, size: 1.15 },
  { x: 316, y: 76, size: 1 },
  { x: 262, y: 66, size: 0.92 },
  { x: 210, y: 60, size: 0.84 },
  { x: 160, y: 58, size: 0.76 },
  { x: 342, y: 146, size: 1 },
  { x: 304, y: 196, size: 0.92 },
  { x: 262, y: 242, size: 0.84 },
]

function wings(x: number, y: number, size: number): string {
  const w = 17 * size
  const h = 11 * size
  return `M${x - w} ${y - h * 0.2} Q${x - w * 0.4} ${y - h} ${x} ${y} Q${x + w * 0.1} ${y - h * 1.5} ${x + w * 0.75} ${y - h * 1.25}`
}

function trail(x: number, y: number, index: number): string {
  const end = 300 + index * 7
  return `M${x - 8} ${y + 5} C${x - 90} ${y + 70} ${130 - index * 6} ${y + 40} ${96 - index * 10} ${(y + end) / 2} S${40 - index * 4} ${end} -20 ${end + 14}`
}
