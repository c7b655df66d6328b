/* SPDX-License-Identifier: Apache-2.0
 * A SANE backend for tests that libsane loads beside its own. Compiled with -DNAME=<backend> and one of
 * -DHANG, -DCRASH, -DBREED, -DAFTER and nothing: it never answers, dies, leaves a child behind that holds all its
 * files open before it hangs, or finds a scanner, with -DAFTER not before another has left such a child.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOIN_(name, call) sane_##name##_##call
#define JOIN(name, call) JOIN_(name, call)
#define TEXT_(name) #name
#define TEXT(name) TEXT_(name)

typedef struct { const char *name, *vendor, *model, *type; } Device;

int JOIN(NAME, init)(int *version, void *authorize)
{
    (void)authorize;
    *version = 0x01000000;
    return 0;
}

int JOIN(NAME, get_devices)(const Device ***list, int local_only)
{
    static const Device device = {"one", "Scripted", TEXT(NAME), "flatbed scanner"};
    static const Device *devices[] = {&device, NULL};
    (void)local_only;
    puts("a driver that prints");
    fflush(stdout);
    *list = devices;
#ifdef BREED
    FILE *note = fopen(getenv("SCRIPTED_CHILD"), "w");
    int child = fork();
    if (child > 0) { fprintf(note, "%d\n", child); fclose(note); }
    for (;;) pause();
#endif
#ifdef AFTER
    struct stat status;
    while (stat(getenv("SCRIPTED_CHILD"), &status) || !status.st_size) usleep(1000);
#endif
#ifdef HANG
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (;;) pause();
#endif
#ifdef CRASH
    fputs("the driver's last words\n", stderr);
    raise(SIGSEGV);
#endif
    return 0;
}
