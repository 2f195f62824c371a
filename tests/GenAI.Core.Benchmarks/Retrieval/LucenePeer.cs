using GenAI.Core.Indexing;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>
/// Lucene.Net over the same terms: it is given the terms of our analyzer, split at spaces, so that both search the same postings.
/// One merged segment in memory-mapped files, which is its fastest form; queries are built beforehand, ours are analyzed in the time measured.
/// </summary>
internal sealed class LucenePeer : IDisposable
{
    private const string Field = "text";
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("lucene").FullName;
    private readonly MMapDirectory _directory;
    private readonly DirectoryReader _reader;
    private readonly IndexSearcher _searcher;

    public LucenePeer(IEnumerable<string> texts)
    {
        _directory = new MMapDirectory(new DirectoryInfo(_folder));
        using var analyzer = new WhitespaceAnalyzer(LuceneVersion.LUCENE_48);
        var config = new IndexWriterConfig(LuceneVersion.LUCENE_48, analyzer) { Similarity = new BM25Similarity(1.2f, 0.75f), RAMBufferSizeMB = 256 };
        using (var writer = new IndexWriter(_directory, config))
        {
            foreach (var text in texts)
                writer.AddDocument([new TextField(Field, string.Join(' ', TextAnalyzer.English.Analyze(text)), Lucene.Net.Documents.Field.Store.NO)]);
            writer.ForceMerge(1);
        }

        _reader = DirectoryReader.Open(_directory);
        _searcher = new IndexSearcher(_reader) { Similarity = new BM25Similarity(1.2f, 0.75f) };
    }

    public static Query QueryOf(string text)
    {
        var query = new BooleanQuery();
        foreach (var term in TextAnalyzer.English.Analyze(text))
            query.Add(new TermQuery(new Lucene.Net.Index.Term(Field, term)), Occur.SHOULD);
        return query;
    }

    public IEnumerable<long> Search(Query query, int top) => _searcher.Search(query, top).ScoreDocs.Select(match => (long)match.Doc);

    public void Dispose()
    {
        _reader.Dispose();
        _directory.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
