// Times FAISS's IndexFlat on one thread, as a peer of the exact index: one query at a time, and a batch.
// usage: faiss-flat ROWS QUERIES DIMENSIONS RUNS BASE_FILE QUERY_FILE, files of little-endian float32 rows; inner products, top 10.
// Prints the median milliseconds of one query, and of the batch per query.
#include <faiss/IndexFlat.h>
#include <omp.h>

// OpenBLAS built with its own threads takes no notice of OpenMP's setting.
extern "C" void openblas_set_num_threads(int);

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

static std::vector<float> read(const char* path, size_t count) {
    std::vector<float> values(count);
    FILE* file = std::fopen(path, "rb");
    if (!file || std::fread(values.data(), sizeof(float), count, file) != count) {
        std::fprintf(stderr, "cannot read %s\n", path);
        std::exit(1);
    }
    std::fclose(file);
    return values;
}

template <class Action>
static double median(int runs, Action action) {
    std::vector<double> seconds;
    action();
    for (int run = 0; run < runs; run++) {
        auto start = std::chrono::steady_clock::now();
        action();
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
}

int main(int count, char** arguments) {
    if (count != 7) return 2;
    const size_t rows = std::atol(arguments[1]), queries = std::atol(arguments[2]), dimensions = std::atol(arguments[3]);
    const int runs = std::atoi(arguments[4]);
    const size_t top = 10;
    omp_set_num_threads(1);
    openblas_set_num_threads(1);
    auto base = read(arguments[5], rows * dimensions), query = read(arguments[6], queries * dimensions);

    faiss::IndexFlat index(dimensions, faiss::METRIC_INNER_PRODUCT);
    index.add(rows, base.data());
    std::vector<float> scores(queries * top);
    std::vector<faiss::Index::idx_t> ids(queries * top);
    size_t next = 0;
    double one = median(runs, [&] { index.search(1, &query[next++ % queries * dimensions], top, scores.data(), ids.data()); });
    double batch = median(runs, [&] { index.search(queries, query.data(), top, scores.data(), ids.data()); });
    std::printf("%.6f %.6f\n", one * 1e3, batch * 1e3 / queries);
}
