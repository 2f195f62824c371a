namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>Sections of documentation and questions about them: the corpus-docs data set.</summary>
internal static class SectionCorpus
{
    /// <summary>The first sections: title, heading and text of each in one string.</summary>
    public static List<string> ReadSections(string folder, int count) => [.. CorpusRecords.Sections(folder).Take(count).Select(section => section.Full)];

    /// <summary>Questions, taken at equal distances.</summary>
    public static List<string> ReadQuestions(string folder, int count, int distance) => [.. CorpusRecords.Questions(folder).Where((_, i) => i % distance == 0).Take(count).Select(question => question.Text)];
}
