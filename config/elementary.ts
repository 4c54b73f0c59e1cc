// Logarithm and exponential from additions, multiplications and divisions alone. Every engine rounds those alike; their own Math.log
// and Math.exp differ in a last digit from engine to engine and from one version to the next, and with them whole runs would.
// Source: the algorithms and coefficients of fdlibm (e_log.c, e_exp.c; Sun Microsystems 1993, freely granted); error below one ulp.

/** The powers of two from 2^−538 to 2^538: two of them reach every double. */
const POWERS = 538;
const powersOfTwo = new Float64Array(2 * POWERS + 1);
for (let n = 0, up = 1, down = 1; n <= POWERS; n++, up *= 2, down /= 2) {
  powersOfTwo[POWERS + n] = up;
  powersOfTwo[POWERS - n] = down;
}
const WORD = 4_294_967_296;

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** The natural logarithm; −Infinity at 0, NaN below it. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  // x = 2^k × m, √½ < m < √2. Multiplications by powers of two round nothing.
  let k = 0;
  let m = x;
  for (; m < 1 / WORD; k -= 32) m *= WORD;
  for (; m >= WORD; k += 32) m /= WORD;
  // Now the place of the first binary digit is that of a whole number of 32 digits.
  const place = m < 1 ? -1 - Math.clz32(m * WORD) : 31 - Math.clz32(m);
  k += place;
  m *= powersOfTwo[POWERS - place];
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const r =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
}

/** e to the power x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  // x = k ln 2 + r, |r| ≤ ½ ln 2.
  const k = Math.round(x * Math.LOG2E);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 0.000000041381367970572385))));
  const power = 1 - (low - (r * c) / (2 - c) - high);
  // Two steps, so that neither factor leaves the range of a double.
  const first = k >> 1;
  return power * powersOfTwo[POWERS + first] * powersOfTwo[POWERS + k - first];
}

/** ln(1 + x), exact in its digits for small x too (Kahan's correction). */
export function log1p(x: number): number {
  const near = 1 + x;
  return near === 1 ? x : log(near) * (x / (near - 1));
}

/** e^x − 1, exact in its digits for small x too (Kahan's correction). */
export function expm1(x: number): number {
  const near = exp(x);
  if (near === 1) return x;
  // Far below 0 all that is left is −1, and the logarithm of the little that was there has no digits.
  if (near < 1e-17 || near === Number.POSITIVE_INFINITY) return near - 1;
  return ((near - 1) * x) / log(near);
}

/** base to the power exponent, for base above 0. */
export function power(base: number, exponent: number): number {
  return exp(exponent * log(base));
}
