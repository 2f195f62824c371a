namespace TrainEmbedder;

/// <summary>Which records are trained on, which are validated with, and which are only tested on.</summary>
internal sealed class Split
{
    private const int TestQuestions = 1000, ValidationQuestions = 500;

    public Split(IReadOnlyList<Section> sections, IReadOnlyList<Question> questions)
    {
        All = sections;
        // Ids are hashes, so their order is chance, and the same for everyone.
        var answered = questions.Where(question => question.Sections.Count > 0).OrderBy(question => question.Id, StringComparer.Ordinal).ToList();
        Test = answered.Take(TestQuestions).ToList();
        var rest = answered.Skip(TestQuestions).ToList();
        Unlike = rest.Where(question => IsDoubtful(question.Source)).ToList();
        Validation = rest.Where(question => !IsDoubtful(question.Source)).Take(ValidationQuestions).ToList();
        var held = Test.Concat(Validation).Select(question => question.Id).ToHashSet(StringComparer.Ordinal);
        Train = questions.Where(question => !IsDoubtful(question.Source) && !held.Contains(question.Id)).ToList();
        Sections = sections.Where(section => !IsDoubtful(section.Source)).ToList();
    }

    /// <summary>All sections: what is searched in tests.</summary>
    public IReadOnlyList<Section> All { get; }

    /// <summary>The sections that may be trained on.</summary>
    public IReadOnlyList<Section> Sections { get; }

    /// <summary>The questions that may be trained on.</summary>
    public IReadOnlyList<Question> Train { get; }

    /// <summary>Questions of the sources that are trained on.</summary>
    public IReadOnlyList<Question> Validation { get; }

    /// <summary>Questions of sources of which nothing is trained on: what tells how the model does on the unknown.</summary>
    public IReadOnlyList<Question> Unlike { get; }

    /// <summary>Questions that are looked at in the end only.</summary>
    public IReadOnlyList<Question> Test { get; }

    /// <summary>Records that LICENSES.md of corpus-docs says may be argued about: textbooks whose licence was changed later, and abstracts that publishers may hold rights in. None of them is trained on.</summary>
    public static bool IsDoubtful(string source) => source.StartsWith("openstax/", StringComparison.Ordinal) || source.StartsWith("pubmedqa/", StringComparison.Ordinal);
}
