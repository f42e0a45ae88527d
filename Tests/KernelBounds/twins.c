// Compares every back end that this machine runs with scalar twins in double precision (scripts/kernel-bounds), as
// Tests/ModelTests/Math does: for an architecture that is emulated, where those tests do not run. int8 products of whole
// numbers are compared exactly.
#include <math.h>
#include <stdio.h>

#include "CKernels.h"
#include "numbers.h"

static const char *subject;

static void expect(double value, double twin, double tolerance, const char *what) {
    if (!(fabs(value - twin) <= tolerance)) {
        fprintf(stderr, "%s: %s is %.9g instead of %.9g\n", subject, what, value, twin);
        exit(1);
    }
}

static double twin_gelu(double x) {
    return x * 0.5 * erfc(-x / sqrt(2));
}

typedef struct {
    size_t rows, depth, outputs, x_stride;
    int together;  // whether rows of x overlap, and are quantised with one scale
    ck_activation activation;
    float *x, *w, *bias;
    float *y;                // [rows][outputs + 2]: the first and last number of a row must not change
    double *twin_x, *twin_w;  // [rows][depth] and [outputs][depth]
} problem;

// Odd sizes, single rows and outputs, depths beyond one block, as many rows as are divided among threads. `whole` makes x
// and w whole numbers that quantisation keeps: 254 steps of 1 in each row of x, and ±127 in w.
static problem random_problem(size_t seed, int whole) {
    problem p = {.depth = size(2, 100) + (seed % 5 == 0 ? 950 : 0), .outputs = seed % 6 == 0 ? 1 : size(1, 80),
                 .rows = seed % 4 == 0 ? 1 : size(1, 45) + (seed % 7 == 0 ? 520 : 0), .together = seed % 3 == 0,
                 .activation = !whole && size(0, 1) ? CK_GELU : CK_LINEAR};
    p.x_stride = p.together ? size(1, p.depth < 30 ? p.depth : 30) : p.depth + size(0, 3);
    const size_t x_count = (p.rows - 1) * p.x_stride + p.depth, w_count = p.outputs * p.depth;
    p.x = numbers(x_count);
    p.w = numbers(w_count);
    p.bias = numbers(p.outputs);
    p.y = malloc(p.rows * (p.outputs + 2) * sizeof *p.y);
    p.twin_x = malloc(p.rows * p.depth * sizeof *p.twin_x);
    p.twin_w = malloc(w_count * sizeof *p.twin_w);
    const long below = (long)size(0, 254);
    for (size_t i = 0; whole && i < x_count; i++) {
        p.x[i] = (float)((long)size(0, 254) - below);
    }
    for (size_t row = 0; whole && row < p.rows; row++) {
        p.x[row * p.x_stride] = (float)-below;
        p.x[row * p.x_stride + 1] = (float)(254 - below);
    }
    for (size_t i = 0; whole && i < w_count; i++) {
        p.w[i] = i % p.depth == 0 ? 127 : (float)((long)size(0, 254) - 127);
    }
    for (size_t i = 0; whole && i < p.outputs; i++) {
        p.bias[i] = 0;
    }
    for (size_t i = 0; i < p.rows * p.depth; i++) {
        p.twin_x[i] = p.x[i / p.depth * p.x_stride + i % p.depth];
    }
    for (size_t i = 0; i < w_count; i++) {
        p.twin_w[i] = p.w[i];
    }
    return p;
}

static void discard(problem *p) {
    float *const floats[] = {p->x, p->w, p->bias, p->y};
    for (int i = 0; i < 4; i++) {
        free(floats[i]);
    }
    free(p->twin_x);
    free(p->twin_w);
}

// Rounds numbers to a grid of `steps` steps, from the least of them or 0 to the greatest, or to the greatest magnitude.
static void round_to_grid(double *x, size_t count, float steps, int symmetric) {
    double least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    const float range = symmetric ? (float)fmax(most, -least) : (float)most - (float)least;
    const float factor = range > 0 ? steps / range : 0;
    for (size_t i = 0; i < count; i++) {
        x[i] = rintf((float)x[i] * factor) * (double)range / steps;
    }
}

static void quantise_twins(problem *p) {
    for (size_t row = 0; row < (p->together ? 1 : p->rows); row++) {
        round_to_grid(p->twin_x + row * p->depth, p->together ? p->rows * p->depth : p->depth, 254, 0);
    }
    for (size_t output = 0; output < p->outputs; output++) {
        round_to_grid(p->twin_w + output * p->depth, p->depth, 127, 1);
    }
}

static double twin(const problem *p, size_t row, size_t output) {
    double sum = 0;
    for (size_t k = 0; k < p->depth; k++) {
        sum += p->twin_x[row * p->depth + k] * p->twin_w[output * p->depth + k];
    }
    return sum;
}

static void multiply(const problem *p, const ck_backend *backend, ck_precision precision, double tolerance,
                     ck_pool *pool) {
    const size_t stride = p->outputs + 2;
    for (size_t i = 0; i < p->rows * stride; i++) {
        p->y[i] = 7;
    }
    ck_weights *weights = ck_pack(backend, precision, p->w, p->depth, p->outputs, p->depth, p->bias);
    ck_multiply(weights, p->x, p->x_stride, p->rows, p->y + 1, stride, p->activation, p->together, pool);
    for (size_t row = 0; row < p->rows; row++) {
        expect(p->y[row * stride], 7, 0, "the number before a row");
        expect(p->y[row * stride + stride - 1], 7, 0, "the number after a row");
        for (size_t output = 0; output < p->outputs; output++) {
            const double sum = twin(p, row, output) + p->bias[output];
            expect(p->y[row * stride + output + 1], p->activation == CK_GELU ? twin_gelu(sum) : sum, tolerance,
                   precision == CK_INT8 ? "a result in int8" : "a result in fp32");
        }
    }
    // One row, as a step of a recurrence. Rows that overlap were quantised with another scale.
    if (!p->together) {
        float *sums = numbers(p->outputs), *before = malloc(p->outputs * sizeof *before);
        for (size_t output = 0; output < p->outputs; output++) {
            before[output] = sums[output] = p->bias[output];
        }
        const size_t panel = ck_weights_panel(weights), first = size(0, (p->outputs - 1) / panel) * panel;
        ck_add_row(weights, p->x, sums, first, p->outputs - first, (int)size(0, 1), pool);
        for (size_t output = 0; output < p->outputs; output++) {
            expect(sums[output], before[output] + (output < first ? 0 : twin(p, 0, output)), tolerance,
                   "a step of a recurrence");
        }
        free(before);
        free(sums);
    }
    ck_free(weights);
}

static void multiply_activations(const problem *p, const ck_backend *backend, ck_pool *pool) {
    ck_product(backend, p->x, p->x_stride, p->rows, p->depth, p->w, p->depth, 1, p->outputs, 0.5f, p->y, p->outputs,
               pool);
    for (size_t row = 0; row < p->rows; row++) {
        for (size_t output = 0; output < p->outputs; output++) {
            expect(p->y[row * p->outputs + output], twin(p, row, output) / 2, 2e-4, "a product of activations");
        }
    }
}

static void products(const ck_backend *backend, size_t seed, ck_pool *pool) {
    state = seed;  // the same problems for each back end
    problem p = random_problem(seed, 0);
    multiply(&p, backend, CK_FP32, 2e-4, pool);
    multiply_activations(&p, backend, pool);
    if (ck_backend_supports(backend, CK_INT8)) {
        quantise_twins(&p);
        multiply(&p, backend, CK_INT8, 2e-3, pool);
        discard(&p);
        p = random_problem(seed, 1);
        multiply(&p, backend, CK_INT8, 0, pool);
    }
    discard(&p);
}

// Functions whose error depends on how the compiler contracts products and sums.
static void functions(void) {
    subject = "every back end";
    for (int i = -6144; i <= 6144; i++) {
        const float x = (float)i / 512, positive = powf(10, x);
        float gelu = x, tangent = x, logarithm = positive;
        ck_gelu(&gelu, 1);
        expect(gelu, twin_gelu(x), 4e-7 * fabs(x) + 1e-30, "gelu");
        ck_tanh(&tangent, 1);
        expect(tangent, tanh(x), 3e-7, "tanh");
        ck_log10(&logarithm, 1, 1e-30f);
        expect(logarithm, log10(positive), 1e-6 * fmax(1, fabs(x) / 10), "log10");
    }
}

// Energies of single bins, against the discrete Fourier transform itself.
static void spectra(const ck_backend *backend, ck_pool *pool) {
    enum { FRAME = 60, BINS = FRAME / 2 + 1, HOP = 7, FRAMES = 9 };
    float *window = numbers(FRAME), *signal = numbers((FRAMES - 1) * HOP + FRAME), energies[FRAMES * BINS];
    const float one = 1;
    ck_band bands[BINS];
    for (size_t bin = 0; bin < BINS; bin++) {
        bands[bin] = (ck_band){bin, 1, &one};
    }
    ck_mel *mel = ck_mel_create(backend, FRAME, HOP, window, bands, BINS);
    ck_mel_energies(mel, signal, FRAMES, energies, pool);
    for (size_t index = 0; index < FRAMES * BINS; index++) {
        double real = 0, imaginary = 0;
        for (size_t n = 0; n < FRAME; n++) {
            const double turn = 2 * M_PI * (double)(index % BINS * n % FRAME) / FRAME;
            const double x = (double)window[n] * signal[index / BINS * HOP + n];
            real += x * cos(turn);
            imaginary += x * sin(turn);
        }
        expect(energies[index], real * real + imaginary * imaginary, 1e-3, "a spectrum");
    }
    ck_mel_free(mel);
    free(signal);
    free(window);
}

int main(void) {
    functions();
    for (size_t index = 0; index < ck_backend_count(); index++) {
        const ck_backend *backend = ck_backend_at(index);
        subject = ck_backend_name(backend);
        if (!ck_backend_supports(backend, CK_FP32)) {
            printf("left out: this machine does not run %s\n", subject);
            continue;
        }
        for (size_t threads = 1; threads <= 2; threads++) {
            ck_pool *pool = ck_pool_create(threads);
            for (size_t seed = 1; seed <= 24; seed++) {
                products(backend, seed, pool);
            }
            spectra(backend, pool);
            ck_pool_destroy(pool);
        }
        printf("%s agrees with the scalar twins in fp32%s\n", subject,
               ck_backend_supports(backend, CK_INT8) ? " and int8" : "");
    }
    return 0;
}
