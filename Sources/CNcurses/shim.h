#pragma once
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdint.h>
#include <term.h>

/* Wrappers for parts of ncurses that Swift cannot import or must not touch: macros, and the globals stdscr, curscr and
   COLORS. They work on the screen that newterm made current. */

static inline int cn_rows(void) { return getmaxy(stdscr); }
static inline int cn_columns(void) { return getmaxx(stdscr); }
static inline int cn_colors(void) { return COLORS; }

static inline uint32_t cn_bold(void) { return A_BOLD; }
static inline uint32_t cn_dim(void) { return A_DIM; }
static inline uint32_t cn_reverse(void) { return A_REVERSE; }

static inline void cn_prepare_input(void)
{
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    leaveok(stdscr, TRUE);
    curs_set(0);
}

/* Writes one character with at most one combining mark (0 for none). ncurses returns ERR for the last cell of the
   screen, although it is written, because the cursor cannot move on; its result is therefore ignored. */
static inline void cn_put(int y, int x, uint32_t scalar, uint32_t mark, uint32_t attributes, int pair)
{
    wchar_t text[3] = {(wchar_t)scalar, (wchar_t)mark, 0};
    cchar_t cell;
    if (setcchar(&cell, text, attributes, (short)(pair < 32767 ? pair : 0), &pair) == OK) mvwadd_wch(stdscr, y, x, &cell);
}

static inline void cn_clear(void) { werase(stdscr); }
static inline void cn_refresh(void) { wrefresh(stdscr); }
static inline void cn_redraw(void) { clearok(curscr, TRUE); wrefresh(curscr); }

/* Returns the next key, or ERR if there is none. Waits at most ESCDELAY, to tell Escape from a longer sequence. */
static inline int cn_key(void)
{
    wtimeout(stdscr, 0);
    return wgetch(stdscr);
}

/* Returns the text of a capability, or NULL. tigetstr returns (char *)-1 for a name that is not a string capability. */
static inline const char *cn_string(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

/* Returns whether the terminal takes colours as 0xRRGGBB. */
static inline int cn_direct_color(void) { return tigetflag("RGB") > 0 || tigetnum("RGB") > 0; }
