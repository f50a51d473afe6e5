"""The order in which a run takes its training images: core/base/random.cpp and run_loop.cpp once more.

The same seed and epoch give the same batches here and there."""

MASK = (1 << 64) - 1
SHUFFLE = 3  # Purpose::Shuffle
WORDS, MIDDLE = 312, 156


def mixed(value):
    """SplitMix64's finaliser."""
    value = (value + 0x9e3779b97f4a7c15) & MASK
    value = ((value ^ (value >> 30)) * 0xbf58476d1ce4e5b9) & MASK
    value = ((value ^ (value >> 27)) * 0x94d049bb133111eb) & MASK
    return value ^ (value >> 31)


def mersenne_twister(seed):
    """Yields the numbers of std::mt19937_64."""
    state = [seed & MASK]
    for i in range(1, WORDS):
        state.append((6364136223846793005 * (state[-1] ^ (state[-1] >> 62)) + i) & MASK)
    while True:
        for i in range(WORDS):
            x = (state[i] & 0xffffffff80000000) | (state[(i + 1) % WORDS] & 0x7fffffff)
            state[i] = state[(i + MIDDLE) % WORDS] ^ (x >> 1) ^ (0xb5026f5aa96619e9 if x & 1 else 0)
        for x in list(state):
            x ^= (x >> 29) & 0x5555555555555555
            x ^= (x << 17) & 0x71d67fffeda60000
            x ^= (x << 37) & 0xfff7eee000000000
            yield x ^ (x >> 43)


def batch_order(count, seed, epoch):
    """Indices of the training images in the order of an epoch; epochs count from 1."""
    numbers = mersenne_twister(mixed(mixed(mixed(seed) + SHUFFLE) + epoch))
    order = list(range(count))
    for i in range(count, 1, -1):
        other = next(numbers) % i
        order[i - 1], order[other] = order[other], order[i - 1]
    return order
