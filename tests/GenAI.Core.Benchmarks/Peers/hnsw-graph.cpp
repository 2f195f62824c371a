// hnswlib's graph, one query at a time on one thread.
// rows queries dimensions ip|l2 M efConstruction threads runs base.f32 query.f32 truth.i32 (10 ids for each query)
// Prints the seconds of building, then for each ef: ef, recall@10, and the median seconds of all queries.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <atomic>
#include <vector>
#include "hnswlib/hnswlib.h"

template <typename T>
static std::vector<T> read(const char* path, size_t count)
{
    std::vector<T> values(count);
    FILE* file = fopen(path, "rb");
    if (!file || fread(values.data(), sizeof(T), count, file) != count)
    {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    fclose(file);
    return values;
}

static double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int main(int count, char** arguments)
{
    if (count != 12)
        return 2;
    const size_t rows = atol(arguments[1]), queries = atol(arguments[2]), dimensions = atol(arguments[3]);
    const bool inner = std::string(arguments[4]) == "ip";
    const int m = atoi(arguments[5]), construction = atoi(arguments[6]), threads = atoi(arguments[7]), runs = atoi(arguments[8]);
    const auto base = read<float>(arguments[9], rows * dimensions);
    const auto query = read<float>(arguments[10], queries * dimensions);
    const auto truth = read<int>(arguments[11], queries * 10);

    std::unique_ptr<hnswlib::SpaceInterface<float>> space;
    if (inner)
        space.reset(new hnswlib::InnerProductSpace(dimensions));
    else
        space.reset(new hnswlib::L2Space(dimensions));

    const double start = now();
    hnswlib::HierarchicalNSW<float> graph(space.get(), rows, m, construction);
    graph.addPoint(base.data(), 0);
    std::atomic<size_t> next{1};
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; i++)
        workers.emplace_back([&] {
            for (size_t row = next++; row < rows; row = next++)
                graph.addPoint(&base[row * dimensions], row);
        });
    for (auto& worker : workers)
        worker.join();
    printf("%f\n", now() - start);

    for (int ef : {10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512})
    {
        graph.setEf(ef);
        std::vector<double> seconds;
        size_t hits = 0;
        for (int run = 0; run <= runs; run++)
        {
            hits = 0;
            const double begin = now();
            for (size_t i = 0; i < queries; i++)
            {
                auto found = graph.searchKnn(&query[i * dimensions], 10);
                for (; !found.empty(); found.pop())
                    hits += std::find(&truth[i * 10], &truth[i * 10 + 10], (int)found.top().second) != &truth[i * 10 + 10];
            }
            if (run > 0)
                seconds.push_back(now() - begin);
        }
        std::sort(seconds.begin(), seconds.end());
        printf("%d %f %f\n", ef, hits / (10.0 * queries), seconds[seconds.size() / 2]);
        if (hits >= 0.99 * 10 * queries)
            break;
    }
}
