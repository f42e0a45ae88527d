// Mel spectra of a group of frames, for any width of vector. Included once for each back end with
//   TARGET    the attribute that lets the compiler use the back end's instructions
//   LANES_MEL numbers in a vector
//   NAME(x)   x with the back end's suffix
#include <string.h>

#include "mel_plan.h"

#define INLINED static inline __attribute__((always_inline)) TARGET

typedef float NAME(lanes) __attribute__((vector_size(LANES_MEL * 4), aligned(4)));

// A complex number in each lane.
typedef struct {
    NAME(lanes) re, im;
} NAME(complex);

// z·w for the complex number w, the same in each lane.
INLINED NAME(complex) NAME(turn)(NAME(complex) z, const float *w) {
    return (NAME(complex)){z.re * w[0] - z.im * w[1], z.re * w[1] + z.im * w[0]};
}

INLINED NAME(complex) NAME(plus)(NAME(complex) a, NAME(complex) b) {
    return (NAME(complex)){a.re + b.re, a.im + b.im};
}

INLINED NAME(complex) NAME(minus)(NAME(complex) a, NAME(complex) b) {
    return (NAME(complex)){a.re - b.re, a.im - b.im};
}

// a − i·b·s, for a real number s.
INLINED NAME(complex) NAME(minus_i)(NAME(complex) a, NAME(complex) b, float s) {
    return (NAME(complex)){a.re + b.im * s, a.im - b.re * s};
}

// x ← the discrete Fourier transform of x [radix], in place.
INLINED void NAME(butterfly)(const size_t radix, NAME(complex) *x) {
    const float cos3 = -0.5f, sin3 = 0.866025404f;                                   // of 2π/3
    const float cos5 = 0.309016994f, sin5 = 0.951056516f;                            // of 2π/5
    const float cos5_2 = -0.809016994f, sin5_2 = 0.587785252f;                       // of 4π/5
    if (radix == 2) {
        const NAME(complex) a = x[0];
        x[0] = NAME(plus)(a, x[1]);
        x[1] = NAME(minus)(a, x[1]);
    } else if (radix == 3) {
        const NAME(complex) sum = NAME(plus)(x[1], x[2]), difference = NAME(minus)(x[1], x[2]);
        const NAME(complex) a = {x[0].re + sum.re * cos3, x[0].im + sum.im * cos3};
        x[0] = NAME(plus)(x[0], sum);
        x[1] = NAME(minus_i)(a, difference, sin3);
        x[2] = NAME(minus_i)(a, difference, -sin3);
    } else if (radix == 4) {
        const NAME(complex) a = NAME(plus)(x[0], x[2]), b = NAME(minus)(x[0], x[2]);
        const NAME(complex) c = NAME(plus)(x[1], x[3]), d = NAME(minus)(x[1], x[3]);
        x[0] = NAME(plus)(a, c);
        x[1] = (NAME(complex)){b.re + d.im, b.im - d.re};
        x[2] = NAME(minus)(a, c);
        x[3] = (NAME(complex)){b.re - d.im, b.im + d.re};
    } else {
        const NAME(complex) a = NAME(plus)(x[1], x[4]), b = NAME(minus)(x[1], x[4]);
        const NAME(complex) c = NAME(plus)(x[2], x[3]), d = NAME(minus)(x[2], x[3]);
        const NAME(complex) e = {x[0].re + a.re * cos5 + c.re * cos5_2, x[0].im + a.im * cos5 + c.im * cos5_2};
        const NAME(complex) f = {x[0].re + a.re * cos5_2 + c.re * cos5, x[0].im + a.im * cos5_2 + c.im * cos5};
        const NAME(complex) g = {b.re * sin5 + d.re * sin5_2, b.im * sin5 + d.im * sin5_2};
        const NAME(complex) h = {b.re * sin5_2 - d.re * sin5, b.im * sin5_2 - d.im * sin5};
        x[0] = NAME(plus)(x[0], NAME(plus)(a, c));
        x[1] = NAME(minus_i)(e, g, 1);
        x[2] = NAME(minus_i)(f, h, 1);
        x[3] = NAME(minus_i)(f, h, -1);
        x[4] = NAME(minus_i)(e, g, -1);
    }
}

// Sample n of each frame under the window.
INLINED NAME(lanes) NAME(sample)(const ck_mel *mel, const float *transposed, size_t n) {
    return *(const NAME(lanes) *)(transposed + mel->place[n]) * mel->window[n];
}

// The first pass that is computed: out [radix] ← the transform of the numbers first, first + stride, ….
INLINED void NAME(begin)(const size_t radix, const ck_mel *mel, const float *transposed, size_t first, size_t stride,
                         NAME(complex) *out) {
    NAME(complex) x[5];
#pragma clang loop unroll(full)
    for (size_t j = 0; j < radix; j++) {
        const size_t n = 2 * (first + j * stride);
        x[j] = (NAME(complex)){NAME(sample)(mel, transposed, n), NAME(sample)(mel, transposed, n + 1)};
    }
    NAME(butterfly)(radix, x);
#pragma clang loop unroll(full)
    for (size_t j = 0; j < radix; j++) {
        out[j] = x[j];
    }
}

// Joins the transforms at out, out + length, …, in place.
INLINED void NAME(join)(const size_t radix, const mel_pass *pass, NAME(complex) *out) {
    const size_t length = pass->length;
    const float *twiddle = pass->twiddles;
    for (size_t k = 0; k < length; k++, twiddle += 2 * (radix - 1)) {
        NAME(complex) x[5];
        x[0] = out[k];
#pragma clang loop unroll(full)
        for (size_t j = 1; j < radix; j++) {
            x[j] = NAME(turn)(out[k + j * length], twiddle + 2 * (j - 1));
        }
        NAME(butterfly)(radix, x);
#pragma clang loop unroll(full)
        for (size_t j = 0; j < radix; j++) {
            out[k + j * length] = x[j];
        }
    }
}

// out ← the complex transform of the numbers first, first + stride, …, whose last pass is number `index`. It finishes
// one of the pass's parts before it begins the next, so that most of the work stays in the first-level cache.
static TARGET void NAME(transform)(const ck_mel *mel, size_t index, const float *transposed, size_t first,
                                   size_t stride, NAME(complex) *out) {
    const mel_pass *pass = &mel->pass[index];
    if (pass->length == 1) {
        switch (pass->radix) {
        case 2: NAME(begin)(2, mel, transposed, first, stride, out); break;
        case 3: NAME(begin)(3, mel, transposed, first, stride, out); break;
        case 4: NAME(begin)(4, mel, transposed, first, stride, out); break;
        default: NAME(begin)(5, mel, transposed, first, stride, out);
        }
        return;
    }
    for (size_t j = 0; j < pass->radix; j++) {
        NAME(transform)(mel, index + 1, transposed, first + j * stride, stride * pass->radix, out + j * pass->length);
    }
    switch (pass->radix) {
    case 2: NAME(join)(2, pass, out); break;
    case 3: NAME(join)(3, pass, out); break;
    case 4: NAME(join)(4, pass, out); break;
    default: NAME(join)(5, pass, out);
    }
}

// power [half + 1] ← the power of the real transform, from the complex one of half the frame's numbers.
INLINED void NAME(split)(const ck_mel *mel, const NAME(complex) *z, NAME(lanes) *power) {
    const size_t half = mel->half;
    const NAME(lanes) sum = z[0].re + z[0].im, difference = z[0].re - z[0].im;
    // The window is halved, which the sums of pairs below make up for.
    power[0] = 4.0f * sum * sum;
    power[half] = 4.0f * difference * difference;
    for (size_t k = 1; k <= half / 2; k++) {
        const NAME(complex) a = z[k], b = {z[half - k].re, -z[half - k].im};
        const NAME(complex) even = NAME(plus)(a, b), odd = NAME(turn)(NAME(minus)(a, b), mel->splits + 2 * k);
        const NAME(complex) x = NAME(minus_i)(even, odd, 1), y = NAME(minus_i)(even, odd, -1);
        power[k] = x.re * x.re + x.im * x.im;
        power[half - k] = y.re * y.re + y.im * y.im;
    }
}

// transposed [hop][columns] ← the signal's samples: sample t at [t % hop][t / hop], zeros after the last.
INLINED void NAME(transpose)(const ck_mel *mel, const float *signal, size_t samples, float *transposed) {
    const size_t columns = mel_columns(mel, LANES_MEL);
    for (size_t column = 0; column < columns; column++) {
        const size_t start = column * mel->hop, left = start < samples ? samples - start : 0;
        const size_t count = left < mel->hop ? left : mel->hop;
        for (size_t row = 0; row < count; row++) {
            transposed[row * columns + column] = signal[start + row];
        }
        for (size_t row = count; row < mel->hop; row++) {
            transposed[row * columns + column] = 0;
        }
    }
}

static TARGET void NAME(mel_energies)(const ck_mel *mel, const float *signal, size_t frames, float *energies,
                                      float *scratch) {
    NAME(complex) *spectrum = (NAME(complex) *)scratch;
    NAME(lanes) *power = (NAME(lanes) *)(spectrum + mel->half);
    float *transposed = (float *)(power + mel->half + 1);
    NAME(transpose)(mel, signal, (frames - 1) * mel->hop + mel->size, transposed);
    NAME(transform)(mel, 0, transposed, 0, 1, spectrum);
    NAME(split)(mel, spectrum, power);
    for (size_t band = 0; band < mel->bands; band++) {
        const ck_band filter = mel->band[band];
        NAME(lanes) sum = {0};
        for (size_t i = 0; i < filter.count; i++) {
            sum += power[filter.first + i] * filter.weights[i];
        }
        for (size_t frame = 0; frame < frames; frame++) {
            energies[frame * mel->bands + band] = sum[frame];
        }
    }
}

const mel_kernels NAME(mel) = {LANES_MEL, NAME(mel_energies)};
