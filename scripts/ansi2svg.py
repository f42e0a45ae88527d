#!/usr/bin/env python3
"""Turns a terminal's picture with its colours into a self-contained SVG.

    tmux capture-pane -e -p | scripts/ansi2svg.py > docs/dashboard.svg

Braille and block characters are drawn as shapes, so that the picture looks the same with any font. The text of the
terminal is in the <metadata> element, a line a row, without trailing blanks.
Only the Python standard library is used.
"""
import argparse
import re
import sys
import unicodedata
from html import escape

CELL_W, CELL_H = 8, 17
BASIC = ["#1b1e24", "#e06c5c", "#8fbf7f", "#e0b94f", "#5a9be0", "#c87fc8", "#56b6c2", "#c8ccd4",
         "#5c6370", "#ff7b66", "#a5d695", "#f7ce46", "#6fb3ff", "#e39be3", "#7fd8e0", "#f0f2f5"]
LEVELS = [0, 95, 135, 175, 215, 255]
QUADRANTS = {c: i for i, c in enumerate(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")}
EIGHTHS = {c: i + 1 for i, c in enumerate("▏▎▍▌▋▊▉")}


def indexed(n):
    """The colour of an index of the 256-colour palette."""
    if n < 16:
        return BASIC[n]
    if n < 232:
        n -= 16
        r, g, b = LEVELS[n // 36], LEVELS[n // 6 % 6], LEVELS[n % 6]
    else:
        r = g = b = 8 + 10 * (n - 232)
    return f"#{r:02x}{g:02x}{b:02x}"


class Pen:
    """The text style that SGR sequences change."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.reverse = False

    def apply(self, parameters):
        codes = [int(p or 0) for p in re.split("[;:]", parameters)] if parameters else [0]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code == 1:
                self.bold = True
            elif code == 2:
                self.dim = True
            elif code == 7:
                self.reverse = True
            elif code == 22:
                self.bold = self.dim = False
            elif code == 27:
                self.reverse = False
            elif code in (38, 48):
                kind = codes.pop(0) if codes else 0
                if kind == 5 and codes:
                    colour = indexed(codes.pop(0))
                elif kind == 2 and len(codes) >= 3:
                    colour = "#%02x%02x%02x" % tuple(codes[:3])
                    del codes[:3]
                else:
                    continue
                if code == 38:
                    self.fg = colour
                else:
                    self.bg = colour
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = BASIC[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = BASIC[code - 40 if code < 100 else code - 92]


def cells(text):
    """Rows of (character, width, foreground, background, bold, dim)."""
    rows, pen = [], Pen()
    for line in text.split("\n"):
        row = []
        for match in re.finditer(r"\x1b\[([0-9;:]*)m|\x1b[()].|\x1b\[[0-9;?]*[A-Za-z]|[\x0e\x0f]|(.)", line):
            if match.group(1) is not None:
                pen.apply(match.group(1))
            elif match.group(2):
                char = match.group(2)
                if unicodedata.combining(char) and row:
                    row[-1] = (row[-1][0] + char,) + row[-1][1:]
                    continue
                width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
                fg, bg = (pen.bg or "BG", pen.fg or "FG") if pen.reverse else (pen.fg or "FG", pen.bg)
                row.append((char, width, fg, bg, pen.bold, pen.dim))
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def shapes(char, x, y):
    """Returns the SVG path data that draws this character, or None if it is to be text."""
    code = ord(char[0])
    box = lambda dx, dy, w, h: f"M{x + dx:g} {y + dy:g}h{w:g}v{h:g}h{-w:g}z"
    w, h = CELL_W, CELL_H
    if 0x2800 <= code <= 0x28FF:
        path = ""
        for bit in range(8):
            if code >> bit & 1:
                column, row = (bit // 3, bit % 3) if bit < 6 else (bit - 6, 3)
                cx, cy, r = x + w * (column + 0.5) / 2, y + h * (row + 0.5) / 4, 1.5
                path += f"M{cx - r:g} {cy:g}a{r} {r} 0 1 0 {2 * r:g} 0a{r} {r} 0 1 0 {-2 * r:g} 0z"
        return path
    if char in QUADRANTS:
        bits = QUADRANTS[char]
        if bits == 15:
            return box(0, 0, w, h)
        return "".join(box(w / 2 * (i % 2), h / 2 * (i // 2), w / 2, h / 2) for i in range(4) if bits >> i & 1)
    if char in EIGHTHS:
        return box(0, 0, w * EIGHTHS[char] / 8, h)
    middle, half = x + w / 2, y + h / 2
    if char == "─":
        return box(0, h / 2 - 0.5, w, 1)
    if char == "━":
        return box(0, h / 2 - 1.25, w, 2.5)
    if char == "╸":
        return box(0, h / 2 - 1.25, w / 2, 2.5)
    if char == "│":
        return box(w / 2 - 0.5, 0, 1, h)
    if char == "┃":
        return box(w / 2 - 1.25, 0, 2.5, h)
    if char == "┈":
        return "".join(box(w * i / 4 + 0.5, h / 2 - 0.5, 1, 1) for i in range(4))
    if char == "┊":
        return "".join(box(w / 2 - 0.5, h * i / 4 + 1, 1, 1.4) for i in range(4))
    if char == "╎":
        return "".join(box(w / 2 - 0.6, h * i / 2 + 1.5, 1.2, h / 2 - 3) for i in range(2))
    if char == "▬":
        return box(0, h / 2 - 2, w, 4)
    corner = {"╭": (1, 1), "╮": (-1, 1), "╰": (1, -1), "╯": (-1, -1)}.get(char)
    if corner:
        sx, sy = corner
        r = 4
        return (f"M{middle:g} {y + h if sy > 0 else y:g}V{half + sy * r:g}Q{middle:g} {half:g} "
                f"{middle + sx * r:g} {half:g}", "stroke")
    return None


def svg(rows, columns, light, title):
    background, foreground = ("#fbfbfa", "#2b2f36") if light else ("#14171c", "#d7dae0")
    colour = lambda c: {"FG": foreground, "BG": background}.get(c, c)
    pad = 12
    width, height = columns * CELL_W + 2 * pad, len(rows) * CELL_H + 2 * pad
    fills, strokes, backs, texts = {}, {}, {}, []
    for r, row in enumerate(rows):
        y, column = pad + r * CELL_H, 0
        run, back = None, None
        for char, span, fg, bg, bold, dim in row:
            x = pad + column * CELL_W
            if bg:
                if back and back[0] == bg and back[2] == x:
                    back[2] += span * CELL_W
                else:
                    back = [bg, x, x + span * CELL_W, y]
                    backs.setdefault(colour(bg), []).append(back)
            key = (colour(fg), dim)
            path = shapes(char, x, y) if char != " " else ""
            if isinstance(path, tuple):
                strokes.setdefault(key, []).append(path[0])
            elif path:
                fills.setdefault(key, []).append(path)
            elif path is None:
                look = (colour(fg), bold, dim)
                if run and run[0] == look and run[2] == column and span == 1:
                    run[3].append(char)
                    run[2] += 1
                else:
                    run = [look, x, column + span, [char], y]
                    texts.append(run)
            column += span
    faded = lambda dim: ' opacity=".55"' if dim else ""
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
           f'height="{height}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>',
           f'<rect width="{width}" height="{height}" rx="8" fill="{background}"/>']
    out.append('<metadata id="text">')
    out += [escape("".join(cell[0] for cell in row).rstrip()) for row in rows]
    out.append("</metadata>")
    for c, runs in backs.items():
        path = "".join(f"M{x} {y}h{end - x}v{CELL_H}h{x - end}z" for _, x, end, y in runs)
        out.append(f'<path fill="{c}" d="{path}"/>')
    out += [f'<path fill="{c}"{faded(d)} d="{"".join(p)}"/>' for (c, d), p in fills.items()]
    out += [f'<path fill="none" stroke="{c}"{faded(d)} d="{"".join(p)}"/>' for (c, d), p in strokes.items()]
    out.append('<g font-family="\'DejaVu Sans Mono\',Menlo,Consolas,monospace" font-size="13.29" xml:space="preserve">')
    for (c, bold, dim), x, _, chars, y in texts:
        text = "".join(chars)
        weight = ' font-weight="bold"' if bold else ""
        length = f' textLength="{len(chars) * CELL_W}" lengthAdjust="spacingAndGlyphs"' if len(chars) > 1 else ""
        out.append(f'<text x="{x}" y="{y + 13}" fill="{c}"{weight}{faded(dim)}{length}>{escape(text)}</text>')
    out += ["</g>", "</svg>"]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--light", action="store_true", help="a light background")
    parser.add_argument("--title", default="emoscope in a terminal", help="what the picture shows, in words")
    options = parser.parse_args()
    rows = cells(sys.stdin.buffer.read().decode("utf-8", "replace"))
    if not rows:
        sys.exit("ansi2svg: nothing to draw on standard input; pipe `tmux capture-pane -e -p` into it")
    columns = max(sum(cell[1] for cell in row) for row in rows)
    sys.stdout.write(svg(rows, columns, options.light, options.title))


if __name__ == "__main__":
    main()
