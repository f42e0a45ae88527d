"""The calibration plot, as an SVG."""
SIDE, MARGIN = 260, 44
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")          # Okabe and Ito's, distinct for colour-blind readers too


def reliability(series):
    """An SVG of the share right against the mean probability. `series`: {name: [(windows, mean probability, share
    right)]}. The size of a dot grows with its number of windows."""
    x, y = lambda p: MARGIN + p * SIDE, lambda p: MARGIN + (1 - p) * SIDE
    size = SIDE + 2 * MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}" '
           'font-family="sans-serif" font-size="11">',
           f'<rect width="{size}" height="{size}" fill="white"/>',
           f'<path d="M{x(0)} {y(0)}H{x(1)}V{y(1)}H{x(0)}Z" fill="none" stroke="#999"/>',
           f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#999" stroke-dasharray="4 3"/>']
    for tick in (0, 0.25, 0.5, 0.75, 1):
        out.append(f'<text x="{x(tick)}" y="{y(0) + 14}" text-anchor="middle">{tick:g}</text>')
        out.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    out.append(f'<text x="{x(0.5)}" y="{size - 10}" text-anchor="middle">mean probability of the label</text>')
    out.append(f'<text transform="translate(12 {y(0.5)}) rotate(-90)" text-anchor="middle">share right</text>')
    for row, ((name, bins), colour) in enumerate(zip(series.items(), COLOURS)):
        total = sum(n for n, _, _ in bins)
        line = "L".join(f"{x(p):.1f} {y(r):.1f}" for _, p, r in bins)
        out.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        out += [f'<circle cx="{x(p):.1f}" cy="{y(r):.1f}" r="{1.5 + 10 * (n / total) ** 0.5:.1f}" fill="{colour}" '
                'fill-opacity="0.5"/>' for n, p, r in bins]
        out.append(f'<text x="{x(0) + 10}" y="{y(1) + 18 + 15 * row}" fill="{colour}">{name}</text>')
    return "\n".join(out) + "\n</svg>\n"
