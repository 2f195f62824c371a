using Guides;

// The code that the README and the guides show, run one after the other.
await QuickStart.RunAsync();
await Hosting.RunAsync();
await Ingesting.RunAsync();
await Searching.RunAsync();
await Answering.RunAsync();
await Guarding.RunAsync();
await VectorStores.RunAsync();
await VectorStores.ChooseIndexesAsync();
Indexing.Run();
await Chunking.RunAsync();
