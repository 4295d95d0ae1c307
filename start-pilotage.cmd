@echo off
rem Sets Pilotage up at the first start, and opens its workbench. A setup workbook dropped on this file is run.
rem Paths may hold spaces, ampersands, exclamation marks and letters of any language: each stands in quotes, and
rem delayed expansion is off wherever a path is read with percent signs.
setlocal EnableExtensions DisableDelayedExpansion
set "PILOTAGE_HOME=%~dp0"
set "PILOTAGE_PYTHON="
if not exist "%PILOTAGE_HOME%engine\start_pilotage.py" goto :notwhole
rem Looking for a Python is not to install one: the Python install manager would, unasked.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
for %%V in (3.13 3.12 3.11 3.14) do if not defined PILOTAGE_PYTHON call :try py -%%V
if not defined PILOTAGE_PYTHON call :try py -3
if not defined PILOTAGE_PYTHON call :try python
if not defined PILOTAGE_PYTHON goto :nopython

rem Explorer starts this file by a command line that names it, and does not quote a dropped file whose path holds an
rem ampersand and no space. So the whole line is handed on, and nothing of it is read here.
setlocal EnableDelayedExpansion
set "PILOTAGE_STARTED_AS=!CMDCMDLINE!"
if "!PILOTAGE_STARTED_AS:start-pilotage.cmd=!"=="!PILOTAGE_STARTED_AS!" goto :typed
%PILOTAGE_PYTHON% "!PILOTAGE_HOME!engine\start_pilotage.py"
set "PILOTAGE_CODE=!ERRORLEVEL!"
if not "!PILOTAGE_CODE!"=="0" pause
rem Not exit /b: what stands after an ampersand in the path of a dropped file would be run as a command.
exit !PILOTAGE_CODE!

:typed
endlocal
if "%~1"=="" (
  %PILOTAGE_PYTHON% "%PILOTAGE_HOME%engine\start_pilotage.py"
) else (
  %PILOTAGE_PYTHON% "%PILOTAGE_HOME%engine\start_pilotage.py" "%~1"
)
set "PILOTAGE_CODE=%ERRORLEVEL%"
if not "%PILOTAGE_CODE%"=="0" pause
exit /b %PILOTAGE_CODE%

:try
call %* -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if "%ERRORLEVEL%"=="0" set "PILOTAGE_PYTHON=%*"
exit /b 0

:notwhole
echo The folder of Pilotage is not whole here. If it came as a zip, extract all of it first: right-click the zip, "Extract All".
echo Then start Pilotage again from the folder that is made.
pause
exit /b 1

:nopython
echo Pilotage needs Python 3.11 or later, 64 bit, and found none on this computer.
echo Get it from python.org (Downloads, Windows). Where the installer offers it, tick "Add python.exe to PATH".
echo If you have the Python install manager and no Python yet, open a terminal and type: py install 3.13
echo If you may not install programs, ask your IT for Python. Then start Pilotage again.
pause
exit /b 1
