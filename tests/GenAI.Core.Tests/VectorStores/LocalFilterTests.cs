using System.Linq.Expressions;
using CsCheck;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>Filters against the same expression run by LINQ over the records.</summary>
public class LocalFilterTests
{
    private static readonly string?[] Topics = ["law", "Law", "medicine", "medical law", "", null, "Straße"];

    public static IReadOnlyList<Article> Records { get; } = MakeRecords(300, new Random(11));

    private static readonly int[] CapturedYears = [2001, 2003, 2011];
    private static readonly List<string> CapturedTags = ["red", "absent"];

    public static TheoryData<string, Expression<Func<Article, bool>>> Shapes => MakeShapes();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_filter_selects_what_linq_selects(string name, Expression<Func<Article, bool>> filter)
    {
        var collection = await FillAsync(Records);

        var found = await collection.GetAsync(filter, 1000).ReadAllAsync();

        found.Select(record => record.Id).Should().Equal(Records.Where(filter.Compile()).Select(record => record.Id), name);
        name.Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Indexes_give_the_same_as_scans_after_rows_were_changed_and_removed(string name, Expression<Func<Article, bool>> filter)
    {
        // Enough rows for the sorted copies to be used, and a history for the indexes to be out of date.
        var random = new Random(13);
        var records = MakeRecords(6000, random).ToDictionary(record => record.Id);
        var collection = await FillAsync(records.Values);
        (await collection.GetAsync(record => record.Year > 2015 && record.Date < DateTime.MaxValue, 1).ReadAllAsync()).Should().NotBeEmpty();
        var changed = MakeRecords(6000, random).Where(record => record.Id % 5 == 0).ToArray();
        await collection.UpsertAsync(changed);
        var removed = records.Keys.Where(id => id % 7 == 0).ToArray();
        await collection.DeleteAsync(removed);
        foreach (var record in changed)
            records[record.Id] = record;
        foreach (var id in removed)
            records.Remove(id);

        var found = await collection.GetAsync(filter, 10_000).ReadAllAsync();

        found.Select(record => record.Id).Order().Should().Equal(records.Values.Where(filter.Compile()).Select(record => record.Id).Order(), name);
    }

    [Fact]
    public async Task Random_filters_select_what_linq_selects()
    {
        var collection = await FillAsync(Records);
        var shapes = MakeShapes().Select(row => (Expression<Func<Article, bool>>)row[1]).ToArray();
        await Gen.Int.HoldsAsync(300,
            async seed =>
            {
                var random = new Random(seed);
                var record = Expression.Parameter(typeof(Article), "record");
                var filter = Expression.Lambda<Func<Article, bool>>(Combine(random, shapes, record, depth: 4), record);

                var found = await collection.GetAsync(filter, 1000).ReadAllAsync();

                found.Select(match => match.Id).Should().Equal(Records.Where(filter.Compile()).Select(match => match.Id), filter.ToString());
            });
    }

    [Fact]
    public async Task A_shape_is_compiled_once_whatever_it_captures()
    {
        var collection = await FillAsync(Records);
        var before = collection.CompiledFilters;
        for (var year = 2000; year < 2020; year++)
        {
            var captured = year;
            var found = await collection.GetAsync(record => record.Year == captured && record.IsPublished, 1000).ReadAllAsync();
            found.Should().OnlyContain(record => record.Year == captured && record.IsPublished);
        }

        collection.CompiledFilters.Should().Be(before + 1);
    }

    [Fact]
    public async Task Two_kinds_of_comparison_are_two_shapes()
    {
        var collection = await FillAsync(Records);
        foreach (var kind in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            var found = await collection.GetAsync(record => string.Equals(record.Topic, "LAW", kind), 1000).ReadAllAsync();
            found.Count.Should().Be(Records.Count(record => string.Equals(record.Topic, "LAW", kind)));
        }

        foreach (var property in (string[])["Topic", "Body"])
        {
            var dynamic = new LocalVectorStore(new() { Name = nameof(Two_kinds_of_comparison_are_two_shapes) }).GetDynamicCollection("d", TestRecords.Notes());
            await dynamic.EnsureCollectionExistsAsync();
            var name = property == "Topic" ? "Text" : "Key";
            await dynamic.UpsertAsync(TestRecords.Note("k", 1, 2, "t"));
            (await dynamic.GetAsync(record => (string)record[name]! == "t", 5).ReadAllAsync()).Count.Should().Be(name == "Text" ? 1 : 0);
        }
    }

    [Fact]
    public async Task The_cache_of_shapes_does_not_grow_without_end()
    {
        var collection = await FillAsync(Records.Take(3));
        var record = Expression.Parameter(typeof(Article), "record");
        Expression body = Expression.Property(record, nameof(Article.IsPublished));
        for (var i = 0; i < FilterCache.Capacity + 50; i++)
        {
            body = Expression.Not(body);
            await collection.GetAsync(Expression.Lambda<Func<Article, bool>>(body, record), 10).ReadAllAsync();
        }

        collection.CompiledFilters.Should().BeLessThanOrEqualTo(FilterCache.Capacity);
    }

    [Fact]
    public async Task What_cannot_be_evaluated_is_named_together_with_what_can()
    {
        var collection = await FillAsync(Records.Take(3));
        Expression<Func<Article, bool>>[] filters =
        [
            record => record.Topic!.Trim() == "law",
            record => record.Year + 1 == 2002,
            record => record.Tags!.Contains(record.Topic!),
            record => record.Date.Year == 2001,
        ];
        foreach (var filter in filters)
        {
            var act = () => collection.GetAsync(filter, 1).ReadAllAsync();
            (await act.Should().ThrowAsync<NotSupportedException>()).WithMessage("The filter contains '*', which the local store cannot evaluate. Supported are: ==*StartsWith*");
        }
    }

    [Fact]
    public async Task Mistakes_in_filters_are_told_apart()
    {
        var collection = await FillAsync(Records.Take(3));
        var vector = () => collection.GetAsync(record => record.Vector.Length == 3, 1).ReadAllAsync();
        (await vector.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*'Vector', which is a vector property*");

        string? missing = null;
        var nullOwner = () => collection.GetAsync(record => record.Year == missing!.Length, 1).ReadAllAsync();
        (await nullOwner.Should().ThrowAsync<InvalidOperationException>()).WithMessage("The filter reads 'Length' of a value that is null.");

        var dynamic = new LocalVectorStore().GetDynamicCollection("notes", TestRecords.Notes());
        await dynamic.EnsureCollectionExistsAsync();
        var unknown = () => dynamic.GetAsync(record => (string)record["Title"]! == "x", 1).ReadAllAsync();
        (await unknown.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*'Title', which is not a property*Key, Text, Number*");
        var cast = () => dynamic.GetAsync(record => (long)record["Number"]! == 1, 1).ReadAllAsync();
        (await cast.Should().ThrowAsync<InvalidCastException>()).WithMessage("*'Number' to Int64*Int32*");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(200_000)]
    public async Task A_very_deep_filter_is_evaluated_or_refused_but_never_ends_the_process(int conditions)
    {
        var collection = await FillAsync(Records.Take(20));
        var record = Expression.Parameter(typeof(Article), "record");
        var isNone = Expression.Equal(Expression.Property(record, nameof(Article.Id)), Expression.Constant(-1));
        Expression body = Expression.GreaterThanOrEqual(Expression.Property(record, nameof(Article.Id)), Expression.Constant(0));
        for (var i = 0; i < conditions; i++)
            body = Expression.OrElse(body, isNone);
        var read = () => collection.GetAsync(Expression.Lambda<Func<Article, bool>>(body, record), 100).ReadAllAsync();

        if (conditions < 1000)
            (await read()).Should().HaveCount(20);
        else
            (await read.Should().ThrowAsync<NotSupportedException>()).WithMessage("The filter nests too deeply*");
    }

#pragma warning disable CA1309 // The culture of a comparison inside a filter is not the test's but the store's: ordinal.
    private static TheoryData<string, Expression<Func<Article, bool>>> MakeShapes()
    {
        var (year, from, to) = (2003, new DateTime(2010, 6, 1), new DateTime(2012, 1, 1));
        int? pages = 40, none = null;
        var wide = 2004L;
        string prefix = "med", text = "law";
        HashSet<string> anyCase = new(StringComparer.OrdinalIgnoreCase) { "LAW" };
        Expression<Func<Article, bool>>[] filters =
        [
            record => record.Year == year,
            record => record.Year != year,
            record => record.Year < 2003,
            record => 2003 <= record.Year,
            record => record.Year > 2016,
            record => record.Year >= 2016 && record.Year <= 2018,
            record => record.Year > wide,
            record => record.Year > 2003.5,
            record => record.Price < 10.5m.CompareTo(0m),
            record => record.Price >= 50,
            record => record.Price != 12.25,
            record => !(record.Price < 12.25),
            record => record.Pages == pages,
            record => record.Pages == none,
            record => record.Pages != null,
            record => record.Pages > 30,
            record => !(record.Pages > 30),
            record => record.Pages.HasValue && record.Pages.Value < 20,
            record => record.Pages < none,
            record => record.Id == 17,
            record => record.Id < 17,
            record => CapturedYears.Contains(record.Id),
            record => record.Topic == "law",
            record => record.Topic == null,
            record => record.Topic != text,
            record => record.Topic != null && record.Topic.StartsWith("med", StringComparison.Ordinal),
            record => record.Topic != null && record.Topic.StartsWith(prefix, StringComparison.OrdinalIgnoreCase),
            record => record.Topic != null && record.Topic.EndsWith("law", StringComparison.Ordinal),
            record => record.Topic != null && record.Topic.Contains("aw"),
            record => record.Topic != null && record.Topic.Contains('m'),
            record => string.Equals(record.Topic, "LAW", StringComparison.OrdinalIgnoreCase),
            record => record.Topic != null && record.Topic.Equals(text),
            record => string.IsNullOrEmpty(record.Topic),
            record => !string.IsNullOrWhiteSpace(record.Topic),
            record => record.Topic != null && record.Topic.Length > 4,
            record => record.Topic != null && string.CompareOrdinal(record.Topic, "law") > 0,
            record => record.Topic != null && anyCase.Contains(record.Topic),
            record => CapturedYears.Contains(record.Year),
            record => new[] { 2001, 2002 }.Contains(record.Year),
            record => new List<int> { 2001, 2002 }.Contains(record.Year),
            record => new int?[] { 7, null }.Contains(record.Pages),
            record => Enumerable.Range(2005, 4).Contains(record.Year),
            record => !new[] { "law", null }.Contains(record.Topic),
            record => record.IsPublished,
            record => !record.IsPublished,
            record => record.IsPublished == false,
            record => record.IsPublished == (year == 2003),
            record => record.Date >= from && record.Date < to,
            record => record.Date > new DateTime(2015, 3, 1).AddDays(-20),
            record => record.Date == from,
            record => record.Tags != null && record.Tags.Contains("red"),
            record => record.Tags != null && record.Tags.Contains("red") == false,
            record => record.Tags == null,
            record => record.Tags != null && record.Tags.Any(),
            record => record.Tags != null && record.Tags.Any(tag => tag == "blue"),
            record => record.Tags != null && record.Tags.Any(tag => tag.StartsWith("gr", StringComparison.Ordinal) || tag.Length == 3),
            record => record.Tags != null && record.Tags.Any(tag => CapturedTags.Contains(tag)),
            record => record.Tags != null && record.Tags.All(tag => tag != "red" && !tag.Contains('u')),
            record => record.Tags != null && record.Tags.Length >= 2,
            record => record.Numbers != null && record.Numbers.Contains(3),
            record => record.Numbers != null && record.Numbers.Any(number => number > 7),
            record => record.Numbers != null && record.Numbers.Exists(number => number == 5L),
            record => record.Numbers != null && record.Numbers.Count == 0,
            record => record.Year == record.Id,
            record => record.Pages < record.Id,
            record => (record.Year == 2001 || record.Year == 2002 || record.Topic == "law") && !(record.IsPublished && record.Price > 20),
            record => true,
            record => false,
        ];

        var shapes = new TheoryData<string, Expression<Func<Article, bool>>>();
        foreach (var filter in filters)
            shapes.Add(filter.Body.ToString(), filter);
        return shapes;
    }
#pragma warning restore CA1309

    private static Expression Combine(Random random, Expression<Func<Article, bool>>[] shapes, ParameterExpression record, int depth)
    {
        switch (depth == 0 ? 0 : random.Next(5))
        {
            case 1 or 2:
                return Expression.AndAlso(Combine(random, shapes, record, depth - 1), Combine(random, shapes, record, depth - 1));
            case 3:
                return Expression.OrElse(Combine(random, shapes, record, depth - 1), Combine(random, shapes, record, depth - 1));
            case 4:
                return Expression.Not(Combine(random, shapes, record, depth - 1));
            default:
                var shape = shapes[random.Next(shapes.Length)];
                return new Replacement(shape.Parameters[0], record).Visit(shape.Body);
        }
    }

    private static IReadOnlyList<Article> MakeRecords(int count, Random random) =>
    [
        .. Enumerable.Range(0, count).Select(id => new Article
        {
            Id = id,
            Topic = Topics[random.Next(Topics.Length)],
            Body = "text",
            Year = 2000 + random.Next(20),
            Pages = random.Next(4) == 0 ? null : random.Next(80),
            Price = random.Next(20) == 0 ? double.NaN : random.Next(400) / 4.0,
            IsPublished = random.Next(2) == 0,
            Date = new DateTime(2010, 6, 1).AddDays(random.Next(-2000, 2000)),
            Tags = random.Next(5) == 0 ? null : [.. new[] { "red", "green", "blue", "red" }.Where(_ => random.Next(2) == 0)],
            Numbers = random.Next(5) == 0 ? null : [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(10))],
            Vector = new float[] { 1, 2, 3 },
        }),
    ];

    private static async Task<LocalCollection<int, Article>> FillAsync(IEnumerable<Article> records)
    {
        var collection = (LocalCollection<int, Article>)new LocalVectorStore().GetCollection<int, Article>("articles");
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(records);
        return collection;
    }

    private sealed class Replacement(ParameterExpression old, ParameterExpression made) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == old ? made : node;
    }
}
