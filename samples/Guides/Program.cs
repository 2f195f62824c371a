using Guides;

// The code that the README and the guides show, run one after the other.
await QuickStart.RunAsync();
await Hosting.RunAsync();
await Ingesting.RunAsync();
await Searching.RunAsync();
await Answering.RunAsync();
await Guarding.RunAsync();
await VerifyingClaims.RunAsync();
await VectorStores.RunAsync();
await VectorStores.ChooseIndexesAsync();
var folder = Directory.CreateTempSubdirectory("genai-core-guides-").FullName;
await Durability.RunAsync(Path.Combine(folder, "store"));
Directory.Delete(folder, recursive: true);
Indexing.Run();
await Embedding.RunAsync();
await Chunking.RunAsync();
await Reranking.RunAsync();

// Local models are not in the repository: their folders are named by the arguments.
if (args is [var published])
    Embedding.Load(published);
if (args is [var embedder, var reranker])
    await LocalModels.RunAsync(embedder, reranker);
