/* SPDX-License-Identifier: Apache-2.0
 * A libsane for tests, with one scanner whose behaviour is scripted by files in the folder that
 * SCRIPTED_SANE names:
 *
 *   devices         one line a device: name|vendor|model|type
 *   open, start     one line a call: the status it gives; all further calls succeed
 *   resource        the resource for which a user name and password are asked at open
 *   password        what must be answered: user:password
 *   silent          while it is there, reads are good and give nothing
 *   scan, double-feed  one line a reading of that button or sensor: 1 for yes; no for all further ones
 *   stuck           while it is there, a cancel does not come back
 *   calls           written: one line a call
 *
 * Its options have names and values as some vendors use them. A page has 4 x 3 gray pixels.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int Word;
typedef struct { const char *name, *vendor, *model, *type; } Device;
typedef struct { Word min, max, quant; } Range;
typedef struct {
    const char *name, *title, *desc;
    int type, unit;
    Word size, cap;
    int constraint_type;
    const void *constraint;
} Option;
typedef struct { int format; Word last_frame, bytes_per_line, pixels_per_line, lines, depth; } Parameters;
typedef void (*Authorize)(const char *resource, char *user, char *password);

enum { GOOD = 0, INVAL = 4, END = 5, DENIED = 11, SENSORS = 4, COUNT = 6, PIXELS = 12 };

static const Range dpi = {75, 600, 1};
static const char *const modes[] = {"Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color[Fast]", NULL};
static const char *const sources[] = {"FlatBed", "Automatic Document Feeder(left aligned)", NULL};
static const Option options[COUNT] = {
    {"", "", "", 1, 0, 4, 4, 0, NULL},
    {"scan-resolution", "Resolution", "", 1, 4, 4, 5, 1, &dpi},
    {"scan-mode", "Mode", "", 3, 0, 64, 5, 3, modes},
    {"doc-source", "Source", "", 3, 0, 64, 5, 3, sources},
    /* told and set by hand, as vendors' drivers have them */
    {"scan", "Scan button", "", 0, 0, 4, 4 | 2 | 64, 0, NULL},
    {"double-feed", "Double feed", "", 0, 0, 4, 4 | 2 | 64, 0, NULL},
};

static char texts[COUNT][64] = {"", "", "True Gray", "FlatBed"};
static Word numbers[COUNT] = {COUNT, 75, 0, 0};
static char lines[16][256];
static Device devices[16];
static const Device *list[17];
static Authorize authorize;
static int sent;

static FILE *script(const char *name, const char *how)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("SCRIPTED_SANE"), name);
    return fopen(path, how);
}

static void note(const char *call, const char *detail)
{
    FILE *file = script("calls", "a");
    if (file) { fprintf(file, "%s %s\n", call, detail); fclose(file); }
}

/* The first line of a script, which is taken out of it; 0 when there is none. */
static int next_status(const char *name)
{
    char rest[4096] = "", line[64];
    int status = 0;
    FILE *file = script(name, "r");
    if (!file) return 0;
    if (fgets(line, sizeof line, file)) status = atoi(line);
    rest[fread(rest, 1, sizeof rest - 1, file)] = 0;
    fclose(file);
    if ((file = script(name, "w"))) { fputs(rest, file); fclose(file); }
    return status;
}

static int read_line(const char *name, char *line, int size)
{
    FILE *file = script(name, "r");
    if (!file) return 0;
    line[0] = 0;
    if (fgets(line, size, file)) line[strcspn(line, "\n")] = 0;
    fclose(file);
    return 1;
}

int sane_init(Word *version, Authorize callback)
{
    *version = 1 << 24;
    authorize = callback;
    return GOOD;
}

int sane_get_devices(const Device ***found, Word local)
{
    int count = 0;
    FILE *file = script("devices", "r");
    (void)local;
    while (file && count < 16 && fgets(lines[count], sizeof lines[count], file)) {
        Device *device = &devices[count];
        lines[count][strcspn(lines[count], "\n")] = 0;
        device->name = strtok(lines[count], "|");
        device->vendor = strtok(NULL, "|");
        device->model = strtok(NULL, "|");
        device->type = strtok(NULL, "|");
        list[count++] = device;
    }
    if (file) fclose(file);
    list[count] = NULL;
    *found = list;
    return GOOD;
}

static int authorized(void)
{
    char resource[512], expected[512], answer[512], user[128] = "", password[128] = "";
    if (!read_line("resource", resource, sizeof resource)) return 1;
    if (!authorize) return 0;
    authorize(resource, user, password);
    read_line("password", expected, sizeof expected);
    snprintf(answer, sizeof answer, "%s:%s", user, password);
    return strcmp(answer, expected) == 0;
}

int sane_open(const char *name, void **handle)
{
    int count = 0, status;
    const Device **found;
    note("open", name);
    status = next_status("open");
    if (status != GOOD) return status;
    sane_get_devices(&found, 0);
    while (found[count] && strcmp(found[count]->name, name)) count++;
    if (!found[count]) return INVAL;
    if (!authorized()) return DENIED;
    *handle = (void *)found;
    return GOOD;
}

const Option *sane_get_option_descriptor(void *handle, Word index)
{
    (void)handle;
    return index >= 0 && index < COUNT ? &options[index] : NULL;
}

int sane_control_option(void *handle, Word index, int action, void *value, Word *info)
{
    int text = options[index].type == 3;
    (void)handle;
    if (info) *info = 0;
    if (action == 1 && text) { note("set", value); snprintf(texts[index], 64, "%s", (char *)value); }
    else if (action == 1) numbers[index] = *(Word *)value;
    else if (text) strcpy(value, texts[index]);
    else if (index >= SENSORS) *(Word *)value = next_status(options[index].name);
    else *(Word *)value = numbers[index];
    return GOOD;
}

int sane_start(void *handle)
{
    (void)handle;
    sent = 0;
    note("start", "");
    return next_status("start");
}

int sane_get_parameters(void *handle, Parameters *parameters)
{
    Parameters page = {0, 1, 4, 4, 3, 8};
    (void)handle;
    *parameters = page;
    return GOOD;
}

int sane_read(void *handle, unsigned char *data, Word size, Word *length)
{
    FILE *silent;
    (void)handle;
    *length = 0;
    if ((silent = script("silent", "r"))) { fclose(silent); return GOOD; }
    if (sent == PIXELS) return END;
    while (*length < size && sent < PIXELS) data[(*length)++] = (unsigned char)sent++;
    return GOOD;
}

void sane_cancel(void *handle)
{
    FILE *stuck;
    (void)handle;
    note("cancel", "");
    while ((stuck = script("stuck", "r"))) { fclose(stuck); usleep(10000); }
}

void sane_close(void *handle) { (void)handle; note("close", ""); }
