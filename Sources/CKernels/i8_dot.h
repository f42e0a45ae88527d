// The int8 kernels of processors with an instruction that adds four products of bytes to a 32-bit sum without
// saturation: vpdpbusd or sdot. Included once for each of them, with TARGET, NAME and STORED as for i8_common.h and
//   BYTES         bytes of a vector; a panel is two vectors wide
//   MOST_ROWS     rows that fit the registers beside two vectors of weights
//   LEAST         the least number of STORED
//   DOT(s, a, w)  the instruction, for activations a and weights w
#define WIDTH (BYTES / 2)
#include "i8_common.h"

typedef int32_t NAME(vector) __attribute__((vector_size(BYTES), aligned(4)));

#define TILE static inline __attribute__((always_inline)) TARGET

// Four bytes broadcast to every 32-bit lane.
TILE NAME(vector) NAME(four)(const STORED *from) {
    int32_t four;
    memcpy(&four, from, sizeof four);
    return (NAME(vector)){0} + four;
}

TILE NAME(vector) NAME(weights)(const int8_t *from) {
    return *(const NAME(vector) *)from;
}

TILE void NAME(tile_of)(const int ROWS, const int8_t *panel, const STORED *x, size_t x_stride, size_t depth,
                        int32_t *sums, const int8_t *ahead, size_t ahead_step) {
    NAME(vector) sum[MOST_ROWS][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        sum[r][0] = sum[r][1] = (NAME(vector)){0};
    }
    for (size_t k = 0; k < depth; k += 4) {
        __builtin_prefetch(ahead + k / 4 * ahead_step, 0, 2);
        const NAME(vector) w0 = NAME(weights)(panel + WIDTH * k), w1 = NAME(weights)(panel + WIDTH * k + BYTES);
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) {
            const NAME(vector) a = NAME(four)(x + r * x_stride + k);
            sum[r][0] = DOT(sum[r][0], a, w0);
            sum[r][1] = DOT(sum[r][1], a, w1);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        *(NAME(vector) *)(sums + WIDTH * r) = sum[r][0];
        *(NAME(vector) *)(sums + WIDTH * r + WIDTH / 2) = sum[r][1];
    }
}

// A tile of one row. Four independent sums for each vector hide the latency of the additions. Nothing is prefetched,
// since memory bandwidth limits it already.
static TARGET void NAME(row)(const int8_t *panel, const STORED *x, size_t depth, int32_t *sums) {
    NAME(vector) sum[4][2];
#pragma clang loop unroll(full)
    for (int chain = 0; chain < 4; chain++) {
        sum[chain][0] = sum[chain][1] = (NAME(vector)){0};
    }
    for (size_t k = 0; k < depth; k += 16) {
#pragma clang loop unroll(full)
        for (int chain = 0; chain < 4; chain++) {
            const size_t at = k + 4 * chain;
            if (at < depth) {
                const NAME(vector) a = NAME(four)(x + at);
                sum[chain][0] = DOT(sum[chain][0], a, NAME(weights)(panel + WIDTH * at));
                sum[chain][1] = DOT(sum[chain][1], a, NAME(weights)(panel + WIDTH * at + BYTES));
            }
        }
    }
    *(NAME(vector) *)sums = (sum[0][0] + sum[1][0]) + (sum[2][0] + sum[3][0]);
    *(NAME(vector) *)(sums + WIDTH / 2) = (sum[0][1] + sum[1][1]) + (sum[2][1] + sum[3][1]);
}

#define CASE(ROWS)                                                                                             \
    case ROWS:                                                                                                 \
        NAME(tile_of)(ROWS <= MOST_ROWS ? ROWS : 1, panel, x, x_stride, depth, sums, ahead, ahead_step);       \
        break;

static TARGET void NAME(tile)(size_t rows, const int8_t *panel, const void *x, size_t x_stride, size_t depth,
                              int32_t *sums, const int8_t *ahead, size_t ahead_step) {
    switch (rows) {
    case 1:
        NAME(row)(panel, x, depth, sums);
        break;
        CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13)
        CASE(14)
    }
}

const i8_kernels NAME(i8) = {
    WIDTH, MOST_ROWS, 4, 1, LEAST, NAME(tile), NAME(quantise), NAME(quantise_weights), NAME(range), NAME(finish)};
