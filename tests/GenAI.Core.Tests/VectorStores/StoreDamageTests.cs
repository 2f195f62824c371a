using System.Buffers.Binary;
using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>Folders that are not what the store wrote: it says so and names the file, or it answers as if nothing were wrong because nothing that matters is; it changes nothing.</summary>
public class StoreDamageTests
{
    private const int Writes = 60;

    /// <summary>All of it: <c>GENAI_CORE_FLIPS=2000</c>.</summary>
    [Fact]
    public async Task A_flipped_bit_is_noticed_or_harmless()
    {
        var flips = int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_FLIPS") ?? "150", null);
        var operations = new StoreOperations(31);
        var whole = await WrittenAsync(operations);
        var names = whole.List().Where(name => name != StorageNames.Lock).ToArray();
        names.Select(Path.GetExtension).Distinct().Should().BeEquivalentTo([".segment", ".log", ".manifest"]);
        var random = new Random(5);
        var noticed = 0;
        for (var flip = 0; flip < flips; flip++)
        {
            var name = names[flip % names.Length];
            var damaged = whole.Copy();
            var bytes = damaged[name];
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            damaged[name] = bytes;
            noticed += await IsNoticedAsync(damaged, operations, $"a bit of byte {at} of {name} flipped") ? 1 : 0;
        }

        // What fills blocks up has checksums as well; what a log ends with is the little that is not missed.
        noticed.Should().BeGreaterThan(flips * 9 / 10);
    }

    /// <summary>Mutants whose checksums fit reach what is behind the parsers of files: records of the log, and what the manifest keeps of collections and segments. Longer by <c>GENAI_CORE_FUZZ_SECONDS</c>.</summary>
    [Theory]
    [InlineData(".log")]
    [InlineData(".manifest")]
    public async Task A_mutant_with_fitting_checksums_is_refused_or_answers(string kind)
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_FUZZ_SECONDS") ?? "0", null);
        var (seed, end) = (seconds == 0 ? 20261127 : Environment.TickCount, Environment.TickCount64 + seconds * 1000L);
        var mutator = new ByteMutator(seed);
        var whole = await WrittenAsync(new StoreOperations(31));
        var name = whole.List().Last(file => file.EndsWith(kind, StringComparison.Ordinal));
        var refused = 0;
        for (var mutant = 0; seconds == 0 ? mutant < 200 : Environment.TickCount64 < end; mutant++)
        {
            var damaged = whole.Copy();
            var bytes = mutator.Mutate(whole[name]);
            if (kind == ".log")
                Reseal.Log(bytes);
            else
                Reseal.Manifest(bytes);
            damaged[name] = bytes;
            try
            {
                refused += await IsRefusedAsync(damaged) ? 1 : 0;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Mutant {mutant} of seed {seed}: {error.Message}", error);
            }
        }

        refused.Should().BePositive();
    }

    // Found by a mutant: a name that begins with a slash led out of the folder.
    [Theory]
    [InlineData('/')]
    [InlineData('\\')]
    public async Task A_manifest_that_names_a_segment_outside_the_folder_is_refused(char separator)
    {
        var whole = await WrittenAsync(new StoreOperations(31));
        var name = whole.List().Last(file => file.EndsWith(".manifest", StringComparison.Ordinal));
        var (damaged, bytes) = (whole.Copy(), whole[name].ToArray());
        bytes[bytes.AsSpan().IndexOf("0000000000000000"u8)] = (byte)separator;
        Reseal.Manifest(bytes);
        damaged[name] = bytes;

        var open = () => DurableStore.Open(damaged, DurableStoreOptions.Of(new LocalVectorStoreOptions { ReadOnly = true }));

        open.Should().Throw<CorruptDataException>().WithMessage($"*{damaged.Path}*");
    }

    // Dimensions of 2^29 and more were an arithmetic overflow, found by a mutant.
    [Theory]
    [InlineData(1 << 29)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public async Task A_manifest_with_a_number_that_cannot_be_in_any_place_is_refused_or_answers(int number)
    {
        var whole = await WrittenAsync(new StoreOperations(31));
        var name = whole.List().Last(file => file.EndsWith(".manifest", StringComparison.Ordinal));
        var refused = 0;
        for (var place = 0; place + 4 <= whole[name].Length; place++)
        {
            var (damaged, bytes) = (whole.Copy(), whole[name].ToArray());
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place), number);
            Reseal.Manifest(bytes);
            damaged[name] = bytes;
            var open = async () => refused += await IsRefusedAsync(damaged) ? 1 : 0;
            await open.Should().NotThrowAsync("{0} at {1}", number, place);
        }

        refused.Should().BePositive();
    }

    [Theory]
    [InlineData(".segment")]
    [InlineData(".log")]
    [InlineData(".manifest")]
    public async Task A_file_that_is_cut_off_anywhere_or_missing_is_noticed(string kind)
    {
        var operations = new StoreOperations(31);
        var whole = await WrittenAsync(operations);
        var name = whole.List().First(file => file.EndsWith(kind, StringComparison.Ordinal));
        var bytes = whole[name];
        foreach (var length in new[] { 0, 1, bytes.Length / 3, bytes.Length / 2, bytes.Length - 1 })
        {
            var damaged = whole.Copy();
            damaged[name] = bytes[..length];
            var isNoticed = await IsNoticedAsync(damaged, operations, $"{name} cut off at {length}");
            (isNoticed || kind == ".log").Should().BeTrue("{0} is cut off at {1} of {2}", name, length, bytes.Length);
        }

        var without = whole.Copy();
        without.Delete(name);
        (await IsNoticedAsync(without, operations, $"{name} missing")).Should().BeTrue();
    }

    [Theory]
    [InlineData(".segment", "*segment is missing*")]
    [InlineData(".log", "*log*")]
    [InlineData(".manifest", "*manifest*missing*")]
    public async Task Opening_without_a_file_says_which_and_what_to_do_and_changes_nothing(string kind, string message)
    {
        using var folder = await FolderAsync();
        File.Delete(folder.First(kind));
        var before = folder.Contents;

        folder.Invoking(Open).Should().Throw<CorruptDataException>().WithMessage(message).WithMessage($"*{folder.Path}*").WithMessage("*backup*");
        folder.Contents.Should().Be(before);
    }

    [Fact]
    public async Task Opening_with_a_log_cut_off_says_so_and_changes_nothing()
    {
        using var folder = await FolderAsync();
        var log = folder.First(".log");
        using (var file = File.OpenWrite(log))
            file.SetLength(file.Length / 2);
        var before = folder.Contents;

        folder.Invoking(Open).Should().Throw<CorruptDataException>().WithMessage($"*{log}*");
        folder.Contents.Should().Be(before);
    }

    [Fact]
    public async Task Opening_with_a_foreign_file_names_it_and_changes_nothing()
    {
        using var folder = await FolderAsync();
        File.WriteAllText(Path.Combine(folder.Path, "notes.txt"), "mine");
        var before = folder.Contents;

        folder.Invoking(Open).Should().Throw<IOException>().WithMessage("*notes.txt*").WithMessage("*Move it elsewhere*");
        folder.Contents.Should().Be(before);
    }

    [Fact]
    public async Task Opening_twice_for_writing_names_who_has_it()
    {
        using var folder = await FolderAsync();
        using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path });

        // As another process would: not through what stores of one process share.
        folder.Invoking(path => DurableStore.Open(path.Path, DurableStoreOptions.Of(null))).Should().Throw<IOException>()
            .WithMessage($"*{folder.Path}*open for writing elsewhere*process {Environment.ProcessId}*");
        var reader = DurableStore.Open(folder.Path, DurableStoreOptions.Of(new LocalVectorStoreOptions { ReadOnly = true }));
        reader.Find("notes").Should().NotBeNull();
        await reader.CloseAsync();
        folder.Invoking(path => new LocalVectorStore(new LocalVectorStoreOptions { Path = path.Path, ReadOnly = true })).Should().Throw<ArgumentException>().WithMessage("*open for writing in this process*");
    }

    [Fact]
    public void Opening_what_is_not_there_or_no_folder_names_the_path()
    {
        using var folder = new TemporaryFolder();
        folder.Invoking(path => new LocalVectorStore(new LocalVectorStoreOptions { Path = path.Path, ReadOnly = true })).Should().Throw<DirectoryNotFoundException>().WithMessage($"*{folder.Path}*");
        Directory.Exists(folder.Path).Should().BeFalse();

        File.WriteAllText(folder.Path, "a file");
        folder.Invoking(Open).Should().Throw<IOException>().WithMessage($"*{folder.Path}*");
        File.Delete(folder.Path);

        Directory.CreateDirectory(folder.Path);
        folder.Invoking(path => new LocalVectorStore(new LocalVectorStoreOptions { Path = path.Path, ReadOnly = true })).Should().Throw<IOException>().WithMessage("*no store in it*");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Theory]
    [InlineData(".manifest")]
    [InlineData(".log")]
    [InlineData(".segment")]
    public async Task Opening_what_a_newer_version_wrote_names_the_version_and_changes_nothing(string kind)
    {
        using var folder = await FolderAsync();
        var file = folder.First(kind);
        var bytes = File.ReadAllBytes(file);
        bytes[8] = 2;
        switch (kind)
        {
            case ".manifest":
                Reseal.Manifest(bytes);
                break;
            case ".log":
                Reseal.Log(bytes);
                break;
            default:
                Reseal.Segment(bytes);
                break;
        }

        File.WriteAllBytes(file, bytes);
        var before = folder.Contents;

        folder.Invoking(Open).Should().Throw<NotSupportedException>().WithMessage($"*{file}*version 2*Open it with the version of GenAI.Core that wrote it*");
        folder.Contents.Should().Be(before);
    }

    [Fact]
    public async Task Opening_with_a_segment_cut_off_says_so_and_changes_nothing()
    {
        using var folder = await FolderAsync();
        var segment = folder.First(".segment");
        using (var file = File.OpenWrite(segment))
            file.SetLength(file.Length / 2);
        var before = folder.Contents;

        folder.Invoking(Open).Should().Throw<CorruptDataException>().WithMessage($"*{segment}*backup*");
        folder.Contents.Should().Be(before);
    }

    [Fact]
    public async Task Opening_on_a_full_disk_works_or_names_the_path_and_changes_nothing()
    {
        var operations = new StoreOperations(31);
        var whole = await WrittenAsync(operations);
        for (var step = 1; ; step++)
        {
            var folder = whole.Copy();
            folder.Plan(FaultKind.DiskFull, step);
            var before = Files(folder);
            try
            {
                var durable = DurableStore.Open(folder, DurableStoreOptions.Of(null));
                var isDone = !folder.Struck;
                await operations.CheckAsync(new LocalVectorStore(new LocalDatabase(durable), null), Writes);
                folder.MakeSpace();
                await durable.CloseAsync();
                if (isDone)
                    break;
            }
            catch (IOException error)
            {
                error.Message.Should().Contain("no space").And.Contain(folder.Path).And.Contain("Make room");
                Files(folder).Should().Equal(before);
            }
        }

        static IEnumerable<string> Files(FaultFolder folder) => folder.List().Where(name => name != StorageNames.Lock).Select(name => $"{name} {Convert.ToHexString(folder[name])}");
    }

    [Fact]
    public async Task Making_a_store_on_a_full_disk_names_the_path_and_works_when_there_is_room()
    {
        for (var step = 1; ; step++)
        {
            var folder = new FaultFolder();
            folder.Plan(FaultKind.DiskFull, step);
            try
            {
                await DurableStore.Open(folder, DurableStoreOptions.Of(null)).CloseAsync();
                if (!folder.Struck)
                    break;
            }
            catch (IOException error)
            {
                error.Message.Should().Contain("no space").And.Contain(folder.Path);
                folder.MakeSpace();
                await DurableStore.Open(folder, DurableStoreOptions.Of(null)).CloseAsync();
            }
        }
    }

    [ProtectedFolderFact]
    public void Making_a_store_where_nobody_may_write_names_the_path()
    {
        var path = Path.Combine(ProtectedFolderFactAttribute.Path, "genai-core");
        var open = () => new LocalVectorStore(new LocalVectorStoreOptions { Path = path });

        open.Should().Throw<Exception>().Where(error => error is UnauthorizedAccessException || error is IOException).WithMessage($"*{path}*");
        Directory.Exists(path).Should().BeFalse();
    }

    [Fact]
    public async Task Writing_to_a_store_opened_read_only_is_refused()
    {
        using var folder = await FolderAsync();
        using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path, ReadOnly = true });
        var notes = store.GetDynamicCollection("notes", TestRecords.Notes());
        await notes.Awaiting(collection => collection.UpsertAsync(TestRecords.Note("x", 1, 1))).Should().ThrowAsync<InvalidOperationException>().WithMessage("*read-only*");
        await store.Awaiting(reader => reader.EnsureCollectionDeletedAsync("notes")).Should().ThrowAsync<InvalidOperationException>();
        await store.Awaiting(reader => reader.CompactAsync()).Should().ThrowAsync<InvalidOperationException>();
        (await notes.GetAsync("a")).Should().NotBeNull();
    }

    private static void Open(TemporaryFolder folder) => new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }).Dispose();

    // What a mutant says may be anything; that it can be opened and asked, or is refused by name, is all that is promised of a forgery.
    private static async Task<bool> IsRefusedAsync(FaultFolder folder)
    {
        DurableStore durable;
        try
        {
            durable = DurableStore.Open(folder, DurableStoreOptions.Of(new LocalVectorStoreOptions { ReadOnly = true }));
        }
        catch (Exception error) when (error is IOException or NotSupportedException)
        {
            error.Message.Should().Contain(folder.Path);
            return true;
        }

        try
        {
            var collection = new LocalVectorStore(new LocalDatabase(durable), null).GetDynamicCollection(StoreOperations.Collection, StoreOperations.Definition);
            if (durable.Find(StoreOperations.Collection) is not null)
                await collection.GetAsync(record => (string)record["Key"]! != "", 10).ReadAllAsync();
            return false;
        }
        catch (Exception error) when (error is CorruptDataException or InvalidOperationException)
        {
            // Damage that is met later, or properties that are not the application's.
            return true;
        }
        finally
        {
            await durable.CloseAsync();
        }
    }

    // Opens, compares everything, verifies. A wrong answer fails the test; that damage is noticed is an exception or a finding.
    private static async Task<bool> IsNoticedAsync(FaultFolder folder, StoreOperations operations, string damage)
    {
        DurableStore durable;
        try
        {
            durable = DurableStore.Open(folder, DurableStoreOptions.Of(new LocalVectorStoreOptions { ReadOnly = true }));
        }
        catch (Exception error) when (error is CorruptDataException or NotSupportedException)
        {
            error.Message.Should().Contain(folder.Path, damage);
            return true;
        }

        try
        {
            await operations.CheckAsync(new LocalVectorStore(new LocalDatabase(durable), null), Writes);
            var verification = await durable.VerifyAsync(CancellationToken.None);
            foreach (var error in verification.Damage)
                error.Message.Should().Contain(folder.Path, damage);
            return !verification.IsIntact;
        }
        catch (CorruptDataException error)
        {
            error.Message.Should().Contain(folder.Path, damage);
            return true;
        }
        finally
        {
            await durable.CloseAsync();
            folder.Mappings.Should().Be(0);
        }
    }

    private static async Task<FaultFolder> WrittenAsync(StoreOperations operations)
    {
        var folder = new FaultFolder();
        var durable = DurableStore.Open(folder, DurableStoreOptions.Of(null));
        var store = new LocalVectorStore(new LocalDatabase(durable), null);
        for (var number = 0; number < Writes; number++)
        {
            await operations.ApplyAsync(store, number);
            if (number is 20 or 40)
                await durable.CheckpointNowAsync();
        }

        await durable.CloseAsync();
        return folder;
    }

    private static async Task<TemporaryFolder> FolderAsync()
    {
        var folder = new TemporaryFolder();
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path });
        var notes = store.GetDynamicCollection("notes", TestRecords.Notes());
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([TestRecords.Note("a", 1, 0, "one"), TestRecords.Note("b", 0, 1, "two")]);
        await store.CheckpointAsync();
        await notes.UpsertAsync([TestRecords.Note("c", 1, 1, "three"), TestRecords.Note("d", 1, 2, "four")]);
        return folder;
    }
}
