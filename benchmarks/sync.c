/* Every sync takes one millisecond, and is counted: a real disk's sync time swings tenfold from hour to hour. */
#include <time.h>

static volatile long syncs = 0;

static int wait_one_millisecond(void)
{
    struct timespec now, until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec += 1;
    }
    __sync_fetch_and_add(&syncs, 1);
    do {
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec < until.tv_nsec));
    return 0;
}

int fsync(int file) { (void)file; return wait_one_millisecond(); }
int fdatasync(int file) { (void)file; return wait_one_millisecond(); }
long syncs_so_far(void) { return syncs; }
